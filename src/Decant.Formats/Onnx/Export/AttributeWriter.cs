using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Export;

/// <summary>Writes ONNX AttributeProto.</summary>
internal static class AttributeWriter
{
    public static WireWriter Write(string name, object value)
    {
        WireWriter to = new WireWriter().Text(AttributeMessage.Name, name);
        AttributeKind kind = Write(to, value);
        return to.Int64(AttributeMessage.Type, (long)kind);
    }

    private static AttributeKind Write(WireWriter to, object value)
    {
        switch (value)
        {
            case float number: to.Float(AttributeMessage.F, number); return AttributeKind.Float;
            case long number: to.Int64(AttributeMessage.I, number); return AttributeKind.Int;
            case string text: to.Text(AttributeMessage.S, text); return AttributeKind.Text;
            case Tensor tensor: to.Message(AttributeMessage.T, TensorWriter.Whole(tensor)); return AttributeKind.Tensor;
            case ImmutableArray<float> numbers:
                foreach (float number in numbers) to.Float(AttributeMessage.Floats, number);
                return AttributeKind.Floats;
            case ImmutableArray<long> numbers:
                foreach (long number in numbers) to.Int64(AttributeMessage.Ints, number);
                return AttributeKind.Ints;
            case ImmutableArray<string> texts:
                foreach (string text in texts) to.Text(AttributeMessage.Strings, text);
                return AttributeKind.Texts;
            default: throw new ModelException($"an attribute of {value.GetType().Name} cannot be written");
        }
    }
}
