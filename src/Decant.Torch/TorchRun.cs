using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>What a run asks of libtorch.</summary>
public sealed record TorchSettings
{
    /// <summary>Where tensors lie and operators compute: cpu, cuda, or cuda:1 for the second GPU.</summary>
    public string Device { get; init; } = LibTorch.Processor;

    /// <summary>
    /// Threads that one operator may use; 0 for one a processor. They decide the order in which floats are added, and
    /// so the last bits of results.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>The threads, 0 resolved.</summary>
    public int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;
}

/// <summary>
/// libtorch as one run uses it, on the thread that began it: device, threads and random numbers are the run's own. Runs
/// of different threads may go on at once, and each computes what it computes alone. libtorch is loaded only when the
/// run first uses it.
/// </summary>
/// <remarks>
/// Two limits are libtorch's: the threads of its matrix products belong to the process, so that runs at once must ask
/// for equally many; and the random numbers of a GPU do too, so that only one run at a time may use a GPU.
/// </remarks>
public sealed class TorchRun : IDisposable
{
    private static readonly Lock s_gate = new();
    private static readonly List<TorchRun> s_active = [];

    [ThreadStatic]
    private static TorchRun? s_current;

    private readonly TorchRun? _outer;
    private readonly TorchRun? _shared;
    private bool _isUsed,
        _isDisposed;
    private int _threadsBefore;

    private TorchRun(TorchSettings settings, TorchRun? outer, TorchRun? shared) =>
        (Settings, _outer, _shared) = (settings, outer, shared);

    /// <summary>The run on this thread; null outside of any.</summary>
    public static TorchRun? Current => s_current;

    /// <summary>What the run asks of libtorch.</summary>
    public TorchSettings Settings { get; }

    /// <summary>The run whose random numbers are drawn: this, or the one that it is a part of.</summary>
    internal TorchRun Random => _shared ?? this;

    /// <summary>Begins a run on this thread. It ends on this thread, by <see cref="Dispose"/>.</summary>
    /// <param name="settings">What it asks of libtorch; null to be a part of the run that this thread is in, or else
    /// for the usual settings.</param>
    public static TorchRun Begin(TorchSettings? settings = null)
    {
        TorchRun? outer = s_current;
        TorchRun? shared = settings is null ? outer?.Random : null;
        return s_current = new TorchRun(settings ?? outer?.Settings ?? new TorchSettings(), outer, shared);
    }

    /// <summary>Prepares libtorch for the run that this thread is in, if it is in one.</summary>
    /// <exception cref="TorchException">libtorch or the device is not there, or another run makes it
    /// impossible.</exception>
    public static void Use()
    {
        if (s_current is { _isUsed: false } run)
            run.Apply();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        if (s_current != this)
            throw new InvalidOperationException(
                "a TorchRun ends on the thread that began it, after the runs inside it"
            );
        _isDisposed = true;
        s_current = _outer;
        if (!_isUsed)
            return;
        RandomNumbers.Forget(this);
        LibTorch.Enter(_outer is { _isUsed: true } outer ? outer.Settings.Device : LibTorch.Processor);
        lock (s_gate)
        {
            s_active.Remove(this);
            // Runs of other threads have as many as this one had.
            if (s_active.TrueForAll(IsAround))
                LibTorch.SetThreads(_threadsBefore);
        }
    }

    /// <summary>
    /// Makes the calling thread one of this run's, for a callback of libtorch on a thread of its own.
    /// </summary>
    internal ThreadEntry Enter() => new(this);

    private void Apply()
    {
        LibTorch.CheckDevice(Settings.Device);
        lock (s_gate)
        {
            foreach (TorchRun other in s_active)
                if (!IsAround(other))
                    CheckBeside(other);
            LibTorch.Enter(Settings.Device);
            _threadsBefore = LibTorch.Threads;
            LibTorch.SetThreads(Settings.ThreadCount);
            s_active.Add(this);
            _isUsed = true;
        }
    }

    private bool IsAround(TorchRun other)
    {
        for (TorchRun? run = this; run is not null; run = run._outer)
            if (run == other)
                return true;
        return false;
    }

    private void CheckBeside(TorchRun other)
    {
        if (other.Settings.ThreadCount != Settings.ThreadCount)
            throw new TorchException(
                "threads",
                $"another run of this process uses libtorch with {other.Settings.ThreadCount} thread(s), and this one "
                    + $"asks for {Settings.ThreadCount}: runs at once need equally many"
            );
        if (other.Settings.Device != LibTorch.Processor && Settings.Device != LibTorch.Processor)
            throw new TorchException(
                "device",
                $"another run of this process uses '{other.Settings.Device}': one run at a time can use a GPU"
            );
    }

    /// <summary>A thread of libtorch's as a thread of a run.</summary>
    internal readonly ref struct ThreadEntry : IDisposable
    {
        private readonly TorchRun? _before;

        public ThreadEntry(TorchRun run)
        {
            _before = s_current;
            if (_before == run)
                return;
            s_current = run;
            LibTorch.Enter(run.Settings.Device);
        }

        public void Dispose()
        {
            if (s_current == _before)
                return;
            s_current = _before;
            LibTorch.Enter(_before?.Settings.Device ?? LibTorch.Processor);
        }
    }
}

/// <summary>
/// The random numbers of runs. libtorch has one generator for the process: who draws puts its own state in, if another
/// drew last.
/// </summary>
internal static class RandomNumbers
{
    private static readonly Lock s_gate = new();
    private static readonly object s_outside = new();

    // libtorch's own default (c10::default_rng_seed_val).
    private const long FirstSeed = 67280421310721;

    private static readonly Dictionary<object, byte[]> s_states = [];
    private static object s_owner = s_outside;

    /// <summary>While it lives, this thread alone draws, from the numbers of its run.</summary>
    public static Lock.Scope Draw()
    {
        Lock.Scope scope = s_gate.EnterScope();
        object owner = TorchRun.Current?.Random ?? s_outside;
        if (owner != s_owner)
        {
            s_states[s_owner] = LibTorch.ReadRandomState();
            s_owner = owner;
            if (s_states.TryGetValue(owner, out byte[]? state))
                LibTorch.WriteRandomState(state);
            else
                // A run begins where a process does, whatever others drew before.
                Native.Check(Native.dt_seed(FirstSeed), "manual_seed");
        }
        return scope;
    }

    /// <summary>Forgets the numbers of a run that ended.</summary>
    public static void Forget(TorchRun run)
    {
        lock (s_gate)
        {
            s_states.Remove(run);
            if (s_owner != run)
                return;
            s_owner = s_outside;
            if (s_states.TryGetValue(s_outside, out byte[]? state))
                LibTorch.WriteRandomState(state);
        }
    }
}
