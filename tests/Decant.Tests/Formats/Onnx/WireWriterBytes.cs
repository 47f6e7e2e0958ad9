using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Tests.Formats.Onnx;

internal static class WireWriterBytes
{
    /// <summary>Adds bytes as they are.</summary>
    public static WireWriter Append(this WireWriter writer, byte[] bytes) =>
        writer.Raw(Tensor.Of(ElementType.UInt8, new Shape(bytes.Length), bytes));
}
