using System.Security.Cryptography;
using Decant.Coding;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Techniques;

namespace Decant.Runs;

/// <summary>
/// Where a run stands: a network, and the container that holds it. It alone refers to the network, so that a large one
/// is gone as soon as the next has taken its place. Methods that outlive a network must not touch it themselves: code
/// that is not yet optimized keeps every reference until it returns.
/// </summary>
internal sealed class RunState : IDisposable
{
    // From so many numbers on, what a network leaves behind is worth giving back at once: the runtime alone would wait
    // until as much again is in use.
    private const long Large = 1 << 24;

    private readonly int threads;
    private readonly CancellationToken cancellation;
    private Stream container;

    /// <summary>Begins with a network, in the form in which its container gives it back.</summary>
    /// <param name="network">The network.</param>
    /// <param name="threads">The most threads that write and read containers, 0 for one a processor.</param>
    /// <param name="cancellation">Stops them.</param>
    public RunState(Network network, int threads, CancellationToken cancellation)
    {
        (Network, this.threads, this.cancellation) = (network, threads, cancellation);
        container = Stream.Null;
        Store(null);
    }

    /// <summary>The network now.</summary>
    public Network Network { get; private set; }

    /// <summary>The length of its container.</summary>
    public long Bytes => container.Length;

    /// <summary>What a person should know before using the network, one line each.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Whether a second copy of the network matters.</summary>
    public bool IsLarge() => Network.Weights.Sum(w => (long)w.Encoding.Count) > Large;

    /// <summary>The SHA-256 of its container.</summary>
    public string Hash()
    {
        container.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(container));
    }

    /// <summary>Takes up the network of a round that was finished before.</summary>
    /// <exception cref="DecantException">Its file is damaged.</exception>
    public void Load(string path)
    {
        try
        {
            Network = Models.Load(path);
        }
        catch (DecantException e)
        {
            throw new DecantException($"{e.Message}; delete {path} and those of later rounds to run them again", e);
        }
        Take(File.OpenRead(path));
    }

    /// <summary>Applies a round's techniques, one after the other.</summary>
    /// <param name="unit">The round.</param>
    /// <param name="setting">What techniques may look at.</param>
    /// <param name="planned">Told of every change before any is made.</param>
    public void Apply(RunUnit unit, RunSetting setting, Action<PlannedChange> planned)
    {
        var statistics = new RoundStatistics(unit, setting);
        for (int use = 0; use < unit.Stage.Uses.Count; use++)
        {
            bool large = IsLarge();
            ApplyOne(unit, use, setting, statistics, planned);
            if (large)
                Collect();
        }
    }

    /// <summary>Changes the network.</summary>
    public void Change(Func<Network, Network> change) => Network = change(Network);

    /// <summary>Stores the network, and continues with it as decoded.</summary>
    /// <param name="path">The file; null for a temporary one.</param>
    public void Store(string? path)
    {
        Write(path);
        Settle();
        if (IsLarge())
            Collect();
    }

    /// <summary>Reports on the network.</summary>
    public StageReport Report(string stage, Score? score)
    {
        using DcntReader reader = DcntReader.Open(container, leaveOpen: true);
        return new StageReport(stage, Bytes, score, LayerReport.Of(Network, reader.ReadSizes()));
    }

    /// <summary>Copies the container to a file, whole or not at all.</summary>
    public void CopyTo(string file) => AtomicFile.Write(file, stream =>
        {
            container.Position = 0;
            container.CopyTo(stream);
        });

    /// <inheritdoc/>
    public void Dispose() => container.Dispose();

    private static void Collect() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void ApplyOne(
        RunUnit unit,
        int use,
        RunSetting setting,
        RoundStatistics statistics,
        Action<PlannedChange> planned
    ) => Network = unit.Apply(use, Network, setting, statistics, planned);

    private DcntWriteOptions Writing => new() { Threads = threads };

    private void Write(string? path)
    {
        if (path is null)
        {
            Take(TemporaryFile.Create());
            DcntWriter.Write(Network, container, Writing, cancellation);
        }
        else
        {
            DcntWriter.Save(Network, path, Writing, cancellation);
            Take(File.OpenRead(path));
        }
    }

    private bool IsDense() => Network.Weights.All(w => w.Encoding is DenseEncoding);

    private void Take(Stream next)
    {
        container.Dispose();
        container = next;
    }

    private void Settle()
    {
        // Dense numbers come back as they are: spare a large network's second copy.
        if (IsDense())
            return;
        Network = null!;
        using DcntReader reader = DcntReader.Open(
            container,
            new DcntReadOptions { Threads = threads },
            leaveOpen: true
        );
        Network = reader.ReadNetwork(cancellation);
    }
}
