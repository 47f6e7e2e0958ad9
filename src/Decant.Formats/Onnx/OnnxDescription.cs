using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx;

/// <summary>What an ONNX file says of itself, read without its weights.</summary>
/// <param name="Producer">The program that wrote it, with its version; empty if not stated.</param>
/// <param name="Opset">The version of the standard operators; 1 if not stated, as for the first files.</param>
/// <param name="Inputs">The inputs that are not weights.</param>
/// <param name="Outputs">The outputs.</param>
public sealed record OnnxDescription(
    string Producer,
    long Opset,
    ImmutableArray<OnnxValueDescription> Inputs,
    ImmutableArray<OnnxValueDescription> Outputs
)
{
    /// <summary>Reads the description of a file.</summary>
    /// <exception cref="FileFormatException">The file is truncated or damaged; the byte offset is named.</exception>
    /// <exception cref="ModelException">An input or output is no tensor.</exception>
    /// <exception cref="DecantException">The file cannot be read.</exception>
    public static OnnxDescription Read(string path) => InputFile.Read(path, Read);

    /// <summary>Reads the description of a file that takes all that is left of a stream.</summary>
    /// <exception cref="FileFormatException">The data is truncated or damaged; the byte offset is named.</exception>
    /// <exception cref="ModelException">An input or output is no tensor.</exception>
    public static OnnxDescription Read(Stream stream)
    {
        var reader = new WireReader(InputFile.Seekable(stream));
        string producer = "",
            version = "";
        long opset = 1;
        var values = new GraphValues();
        while (reader.Next())
            switch (reader.Field)
            {
                case ModelMessage.Producer:
                    producer = reader.Text();
                    break;
                case ModelMessage.ProducerVersion:
                    version = reader.Text();
                    break;
                case ModelMessage.OpsetImport when OpsetMessage.Read(reader) is ("" or "ai.onnx", var stated):
                    opset = stated;
                    break;
                case ModelMessage.OpsetImport:
                    break;
                case ModelMessage.Graph:
                    values.Read(reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return new OnnxDescription($"{producer} {version}".Trim(), opset, values.OpenInputs(), values.AllOutputs());
    }

    /// <summary>The inputs and outputs of a graph.</summary>
    private sealed class GraphValues
    {
        private readonly List<GraphValue> inputs = [],
            outputs = [];
        private readonly HashSet<string> weights = new(StringComparer.Ordinal);

        public void Read(WireReader reader)
        {
            long outer = reader.Enter();
            while (reader.Next())
                switch (reader.Field)
                {
                    case GraphMessage.Input:
                        inputs.Add(Tensor(ValueMessage.Read(reader)));
                        break;
                    case GraphMessage.Output:
                        outputs.Add(Tensor(ValueMessage.Read(reader)));
                        break;
                    case GraphMessage.Initializer:
                        weights.Add(TensorMessage.ReadName(reader));
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            reader.Leave(outer);
        }

        private static GraphValue Tensor(GraphValue value) =>
            value.IsTensor
                ? value
                : throw new ModelException(
                    $"'{value.Name}' is a sequence, map or optional; only tensors are supported"
                );

        public ImmutableArray<OnnxValueDescription> OpenInputs() =>
            [.. inputs.Where(i => !weights.Contains(i.Name)).Select(OnnxValueDescription.Of)];

        public ImmutableArray<OnnxValueDescription> AllOutputs() => [.. outputs.Select(OnnxValueDescription.Of)];
    }
}

/// <summary>An input or output as an ONNX file states it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type; <see cref="ElementType.Unknown"/> if not stated.</param>
/// <param name="Sizes">Its extents: a count, the name that stands for it, or ? for neither; default if no shape is
/// stated.</param>
public sealed record OnnxValueDescription(string Name, ElementType Type, ImmutableArray<string> Sizes)
{
    internal static OnnxValueDescription Of(GraphValue value) =>
        new(
            value.Name,
            value.Type,
            value.Shape is { } shape ? [.. shape.Dims.Select((d, i) => Size(d, value.Symbols[i]))] : default
        );

    private static string Size(int extent, string symbol) =>
        extent >= 0 ? $"{extent}"
        : symbol.Length > 0 ? symbol
        : "?";
}
