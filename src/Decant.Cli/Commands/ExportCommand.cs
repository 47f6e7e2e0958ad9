using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Formats.Onnx;

namespace Decant.Cli.Commands;

internal static class ExportCommand
{
    public static Command Create()
    {
        var command = new Command(
            "export",
            "Writes a network as ONNX (or as a container), with every weight decoded exactly."
        ).WithExample(
            "decant export lenet.dcnt -o lenet.onnx",
            "decant export lenet-int8.dcnt --qdq -o lenet-int8.onnx",
            "decant export zoo:resnet-20 --weights resnet20.th -o resnet20.onnx"
        );
        var model = new ModelOptions(command);
        Option<string> output = CommonOptions.Output("the file to write: .onnx or .dcnt");
        var qdq = new Option<bool>("--qdq")
        {
            Description = "write quantized weights as integers with DequantizeLinear nodes, as ONNX Runtime runs them",
        };
        var int4 = new Option<bool>("--int4")
        {
            Description = "with --qdq: weights of up to 4 bits as int4 (opset 21), not uint8",
        };
        command.Options.Add(qdq);
        command.Options.Add(int4);
        command.Options.Add(output);
        command.Runs(
            (parsed, _) =>
            {
                string path = CommonOptions.ToWrite(parsed.GetValue(output)!);
                if (parsed.GetValue(int4) && !parsed.GetValue(qdq))
                    throw new UsageException("--int4 says how --qdq writes weights; add --qdq, or leave it out");
                Network network = model.Load(parsed);
                Models.Save(parsed.GetValue(qdq) ? QdqWeights.Of(network, parsed.GetValue(int4)) : network, path);
                Console.WriteLine($"{path}: {new FileInfo(path).Length:N0} bytes");
                return 0;
            }
        );
        return command;
    }
}
