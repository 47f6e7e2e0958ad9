using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Reports;
using Decant.Runtime;
using Decant.Speed;

namespace Decant.Cli.Commands;

internal static class RunCommand
{
    private const int ProfiledRuns = 20;

    public static Command Create()
    {
        var command = new Command("run", "Runs a network in the managed runtime.").WithExample(
            "decant run lenet.dcnt --input x.npy -o y.npy",
            "decant run squeezenet.onnx --input random --profile"
        );
        var model = new ModelOptions(command);
        var input = new Option<string[]>("--input", "-i") { Description = RunInputs.Description, Required = true };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "an .npy file for the first output, or an .npz file for all of them",
        };
        var profile = new Option<bool>("--profile")
        {
            Description = "print how long each layer takes: the medians of 20 runs",
        };
        var batch = new Option<int>("--batch")
        {
            Description = "the extent of dynamic dimensions, for inputs that are generated (1)",
            DefaultValueFactory = _ => 1,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "threads of the runtime; 0 for one a core (1)",
            DefaultValueFactory = _ => 1,
        };
        foreach (Option option in new Option[] { input, output, profile, batch, threads })
            command.Options.Add(option);
        command.Runs(
            (parsed, cancellation) =>
            {
                string? path = CommonOptions.ToWrite(parsed.GetValue(output));
                if (path is null && !parsed.GetValue(profile))
                    throw new UsageException(
                        "--output is missing: nothing would be kept; or --profile shows how long it takes"
                    );
                Network network = model.Load(parsed);
                IReadOnlyList<Tensor> inputs = RunInputs.Read(
                    parsed.GetValue(input)!,
                    network,
                    CommonOptions.AtLeast(1, parsed.GetValue(batch), batch)
                );
                var options = new InferenceOptions
                {
                    Threads = CommonOptions.AtLeast(0, parsed.GetValue(threads), threads),
                };
                using InferenceSession session = new InferenceModel(network, options).CreateSession(cancellation);
                IReadOnlyList<Tensor> results = session.Run(inputs, cancellation);
                if (parsed.GetValue(profile))
                {
                    IReadOnlyList<LayerTime> layers = LayerTime.Measure(session, network, ProfiledRuns);
                    TerminalReport.Print(new ReportDocument(layers, LayerTime.Parts(layers)));
                }
                if (path is not null)
                    Save(network, results, path);
                return 0;
            }
        );
        return command;
    }

    private static void Save(Network network, IReadOnlyList<Tensor> results, string path)
    {
        bool all = Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase);
        if (all)
            NpzWriter.Save(results.Select((r, i) => KeyValuePair.Create(network.Outputs[i].Name, r)), path);
        else
            NpyWriter.Save(results[0], path);
        Console.WriteLine($"{path}: {string.Join(", ", all ? results : results.Take(1))}");
    }
}
