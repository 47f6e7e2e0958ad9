using System.CommandLine;
using Decant.Benchmarking;
using Decant.Cli.Screen;
using Decant.Speed;

namespace Decant.Cli.Commands;

internal static class BenchCommand
{
    private const string Runtime = "runtime",
        OnnxRuntime = "onnxruntime";

    public static Command Create()
    {
        var command = new Command(
            "bench",
            "Measures how fast a network runs: run by run, layer by layer, memory, and the time from the "
                + "file to the first answer."
        ).WithExample("decant bench lenet.dcnt", "decant bench squeezenet.onnx --against onnxruntime --threads 2");
        var model = new ModelOptions(command);
        var against = new Option<string?>("--against")
        {
            Description = "onnxruntime: it takes turns with the managed runtime, on the same model as 32-bit floats",
        };
        against.AcceptOnlyFromAmong(OnnxRuntime);
        var threads = new Option<int>("--threads")
        {
            Description = "threads of each; 0 for one a core (1)",
            DefaultValueFactory = _ => 1,
        };
        var batch = new Option<int>("--batch")
        {
            Description = "the extent of dynamic dimensions of inputs (1)",
            DefaultValueFactory = _ => 1,
        };
        var runs = new Option<int?>("--runs") { Description = "timed runs of each (as many as 2 seconds allow)" };
        var once = new Option<string?>("--once") { Hidden = true };
        var report = new ReportOptions(command);
        foreach (Option option in new Option[] { against, threads, batch, runs, once })
            command.Options.Add(option);
        command.Runs(
            (parsed, cancellation) =>
            {
                var options = new SpeedOptions
                {
                    AgainstOnnxRuntime = parsed.GetValue(against) is not null,
                    Threads = CommonOptions.AtLeast(0, parsed.GetValue(threads), threads) is > 0 and var given
                        ? given
                        : Environment.ProcessorCount,
                    Batch = CommonOptions.AtLeast(1, parsed.GetValue(batch), batch),
                    Turns = new TurnOptions
                    {
                        Runs = parsed.GetValue(runs) is { } r ? CommonOptions.AtLeast(1, r, runs) : null,
                    },
                };
                string path = model.Name(parsed);
                if (parsed.GetValue(once) is { } executor)
                    return Once(executor, path, options);
                using var file = new ModelFile(model, parsed);
                using var measurement = new SpeedMeasurement(file.Path, options);
                SpeedReport speed = measurement.Run(
                    (name, measured) => Peak(name, measured, options),
                    cancellation
                ) with
                {
                    Model = path,
                };
                report.Print(parsed, speed.ToDocument());
                return 0;
            }
        );
        return command;
    }

    /// <summary>What a process of its own does, whose memory is looked at.</summary>
    private static int Once(string executor, string path, SpeedOptions options)
    {
        using IContender contender =
            executor == Runtime
                ? new RuntimeContender(path, options.Batch, options.Threads)
                : new OnnxRuntimeContender(path, options.Batch, options.Threads);
        contender.Run();
        return 0;
    }

    private static long? Peak(string executor, string file, SpeedOptions options)
    {
        long peak = Child
            .Run(
                "Decant.Cli.dll",
                "bench",
                file,
                "--once",
                executor,
                "--threads",
                $"{options.Threads}",
                "--batch",
                $"{options.Batch}"
            )
            .Peak;
        return peak > 0 ? peak : null;
    }
}
