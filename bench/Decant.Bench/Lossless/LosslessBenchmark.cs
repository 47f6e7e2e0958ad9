using System.Diagnostics;
using Decant.Benchmarking;
using Decant.Coding;
using Decant.Core;
using Decant.Reports;

namespace Decant.Bench;

/// <summary>
/// Lossless containers of the models under DECANT_DATA, and of those that DECANT_MODELS names (paths with a colon
/// between), against xz -9e of the same .onnx file with its external data.
/// </summary>
internal sealed class LosslessBenchmark : IBenchmark
{
    private static readonly string[] Folders = ["models", "models-wild"];

    /// <inheritdoc/>
    public string Name => "lossless";

    /// <inheritdoc/>
    public string Description => "lossless containers against xz -9e, with the time to encode and decode on one thread";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        Console.Error.WriteLine(Conditions.Here(withOnnxRuntime: false));
        var rows = new List<ResultRow>();
        double logarithms = 0;
        int counted = 0;
        foreach (string path in Paths())
        {
            ResultRow row = Row(path);
            Console.Error.WriteLine($"  {row.Name}: {row.Measured:0.0000}");
            rows.Add(row);
            if (row.Must.Length == 0)
                continue;
            logarithms += Math.Log(row.Measured);
            counted++;
        }
        if (counted == 0)
            throw new DecantException("no model is under DECANT_DATA or named by DECANT_MODELS");
        rows.Add(ResultRow.AtMost($"geometric mean of {counted} models", Math.Exp(logarithms / counted), 1, 0.88, "x"));
        return rows;
    }

    private static IEnumerable<string> Paths()
    {
        string root = Environment.GetEnvironmentVariable("DECANT_DATA") ?? "",
            more = Environment.GetEnvironmentVariable("DECANT_MODELS") ?? "";
        IEnumerable<string> found = Folders
            .Select(f => Path.Combine(root, f))
            .Where(f => root.Length > 0 && Directory.Exists(f))
            .SelectMany(f => Directory.EnumerateFiles(f, "*.onnx", SearchOption.AllDirectories));
        return found
            .Order(StringComparer.Ordinal)
            .Concat(more.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static ResultRow Row(string path)
    {
        string name = Path.Combine(Path.GetFileName(Path.GetDirectoryName(path)) ?? "", Path.GetFileName(path));
        Network network;
        try
        {
            network = Decant.Models.Load(path);
        }
        catch (DecantException e)
        {
            string reason = e.Message.StartsWith(path, StringComparison.Ordinal)
                ? e.Message[path.Length..].TrimStart(':', ' ')
                : e.Message;
            return ResultRow.Reported($"{name}: not imported: {reason}", 0, "");
        }
        using var file = new MemoryStream();
        long start = Stopwatch.GetTimestamp();
        DcntWriter.Write(network, file, new DcntWriteOptions { Threads = 1 });
        double encode = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        using DcntReader reader = DcntReader.Open(file, new DcntReadOptions { Threads = 1 });
        Network back = reader.ReadNetwork();
        double decode = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (Weight w in network.Weights)
            if (!w.Encoding.Decode().Bytes().SequenceEqual(back.Weights[w.Name].Encoding.Decode().Bytes()))
                throw new DecantException($"{name}: weight '{w.Name}' does not come back: this is a fault of Decant");
        long xz = Xz.Length(path);
        return ResultRow.AtMost(
            $"{name}: {file.Length:N0} bytes, xz {xz:N0}; encoded in {encode:0.0} s, decoded in {decode:0.00} s",
            (double)file.Length / xz,
            1,
            null,
            "x"
        );
    }
}
