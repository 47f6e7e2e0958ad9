using System.CommandLine;
using Decant.Cli.Screen;

namespace Decant.Cli.Commands;

internal static class ExportCommand
{
    public static Command Create()
    {
        var command = new Command("export", "Writes a network as ONNX (or as a container), with every weight decoded exactly.").WithExample(
            "decant export lenet.dcnt -o lenet.onnx", "decant export zoo:resnet-20 --weights resnet20.th -o resnet20.onnx");
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("the file to write: .onnx or .dcnt");
        Option<string?> weights = CommonOptions.Weights();
        command.Arguments.Add(model);
        command.Options.Add(weights);
        command.Options.Add(output);
        command.SetAction(parsed => Failures.Guard(() =>
        {
            string path = parsed.GetValue(output)!;
            Models.Save(Models.Load(parsed.GetValue(model)!, weights: parsed.GetValue(weights)), path);
            Console.WriteLine($"{path}: {new FileInfo(path).Length:N0} bytes");
            return 0;
        }));
        return command;
    }
}
