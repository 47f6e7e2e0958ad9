using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using Decant.Reports;
using Decant.Torch;

namespace Decant.Bench;

/// <summary>An epoch of training against the same loop in Python's PyTorch on the same libtorch, by turns.</summary>
internal sealed class EpochBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "epoch";

    /// <inheritdoc/>
    public string Description => "one epoch of LeNet-300-100 and of LeNet-5 against Python's PyTorch, by turns";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (LibTorch.Problem is { } problem)
            throw new DecantException(problem);
        var root = DataRoot.Resolve();
        LabelledImages all = Datasets.OpenImages(
            Datasets.Locate("mnist", root) is null ? "digits" : "mnist",
            root,
            DatasetPart.Train
        );
        using var folder = new ScratchFolder();
        string script = folder["epoch.py"];
        using (Stream source = typeof(EpochBenchmark).Assembly.GetManifestResourceStream("epoch.py")!)
            AtomicFile.Write(script, source.CopyTo);
        return
        [
            .. Compare("lenet-300-100", all, 5, 1, script),
            .. Compare("lenet-5", all.First(all.Count / 4), 3, 1, script),
            .. Compare("lenet-300-100", all, 5, 2, script),
            .. Compare("lenet-5", all.First(all.Count / 4), 3, 2, script),
        ];
    }

    private static IEnumerable<ResultRow> Compare(
        string network,
        LabelledImages data,
        int pairs,
        int threads,
        string script
    )
    {
        if (threads > Environment.ProcessorCount)
            return [];
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = threads });
        string file = Path.ChangeExtension(script, ".npz");
        long[] labels = [.. data.Labels.Select(l => (long)l)];
        NpzWriter.Save([new("x", data.Images), new("y", Tensor.Vector(labels))], file);
        using var python = new PythonEpochs(script, network, file, threads);
        string where = $"{network}, {data.Name}, {data.Count:N0} images, {threads} thread{(threads > 1 ? "s" : "")}";
        Console.Error.WriteLine($"{where}: libtorch {LibTorch.Version}, PyTorch {python.Version}");
        var turns = new EpochPairs(python, pairs);
        turns.Run(Models.Load($"zoo:{network}"), data);
        double ratio = EpochPairs.Median(turns.Ratios);
        string what =
            $"{where}: epoch over Python's, median of {pairs} ({turns.Ratios[0]:0.00} to {turns.Ratios[^1]:0.00})";
        return
        [
            threads == 1
                ? ResultRow.AtMost(what, ratio, 1.10, 1.0, "x its time")
                : ResultRow.Reported(what, ratio, "x its time"),
            ResultRow.Reported($"{where}: Decant", turns.Seconds, "s"),
            ResultRow.Reported($"{where}: Python", turns.PythonSeconds, "s"),
        ];
    }
}
