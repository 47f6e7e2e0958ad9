using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Runtime;

namespace Decant.Cli.Commands;

internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Runs a network in the managed runtime.").WithExample("decant run lenet.dcnt --input x.npy -o y.npy");
        Argument<string> model = CommonOptions.Model();
        var input = new Option<string[]>("--input", "-i") { Description = "an .npy file; one for each input of the network, in order", Required = true };
        Option<string> output = CommonOptions.Output("the .npy file to write the first output to");
        command.Arguments.Add(model);
        command.Options.Add(input);
        command.Options.Add(output);
        command.SetAction((parsed, cancellation) => Task.FromResult(Failures.Guard(() =>
        {
            Network network = Models.Load(parsed.GetValue(model)!);
            Tensor[] inputs = [.. parsed.GetValue(input)!.Select(NpyReader.Read)];
            using var executor = new ReferenceExecutor(network);
            Tensor result = executor.Run(inputs, cancellation)[0];
            NpyWriter.Save(result, parsed.GetValue(output)!);
            Console.WriteLine($"{parsed.GetValue(output)}: {result}");
            return 0;
        })));
        return command;
    }
}
