using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX NonZero: a column of coordinates (int64) for each element that is not 0, in row-major order.</summary>
public sealed class NonZero(Attributes attributes) : Operator("NonZero", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(ElementType.Int64, null)];
        return One(ElementType.Int64, new Shape(x.Rank, inputs.Constant(0) is { } values ? Places(values).Count : Shape.Unknown));
    }

    /// <summary>Where the elements are that are not 0, in row-major order.</summary>
    public static List<int> Places(Tensor values)
    {
        var places = new List<int>();
        ReadOnlySpan<byte> bytes = values.Bytes();
        int size = values.Type.Size();
        // The highest bit of a floating-point number is its sign: -0 is 0.
        bool signed = values.Type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16;
        for (int i = 0; i < values.Count; i++)
        {
            ReadOnlySpan<byte> element = bytes.Slice(i * size, size);
            int high = BitConverter.IsLittleEndian ? size - 1 : 0, rest = element.IndexOfAnyExcept((byte)0);
            if (rest >= 0 && !(signed && (element[high] & 127) == 0 && rest == high && element[(high + 1)..].IndexOfAnyExcept((byte)0) < 0)) places.Add(i);
        }
        return places;
    }
}
