using Decant.Core;

namespace Decant.Speed;

/// <summary>
/// What networks are fed where nobody gives anything, the same for every contender: floats are normal, masks 1, other
/// integers and truth values 0 or 1.
/// </summary>
public static class RandomInputs
{
    /// <summary>A tensor for each input.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <exception cref="ModelException">Nothing is known of an input's shape, or its elements are neither floats,
    /// integers of at least 8 bits, nor truth values.</exception>
    public static Tensor[] For(IReadOnlyList<ValueInfo> inputs, int batch) =>
        [
            .. inputs.Select(
                (input, i) =>
                {
                    if (input.Type.Shape is not { } shape || !IsMade(input.Type.Type))
                        throw new ModelException(
                            $"input '{input.Name}' is {input.Type}; random inputs are floats of 16, 32 or 64 bits, "
                                + "integers or truth values, of a known rank"
                        );
                    Tensor tensor = Tensor.Zeros(
                        input.Type.Type,
                        new Shape([.. shape.Dims.Select(d => d == Shape.Unknown ? batch : d)])
                    );
                    Fill(tensor, input.Name.EndsWith("mask", StringComparison.Ordinal), Rng.For(1, "speed", i));
                    return tensor;
                }
            ),
        ];

    private static bool IsMade(ElementType type) =>
        type is ElementType.Float16 or ElementType.Float32 or ElementType.Float64 or ElementType.Bool
        || type.IsInteger();

    private static void Fill(Tensor tensor, bool isMask, Rng rng)
    {
        switch (tensor.Type)
        {
            case ElementType.Float32:
                foreach (ref float value in tensor.Span<float>())
                    value = (float)rng.NextNormal();
                break;
            case ElementType.Float16:
                foreach (ref Half value in tensor.Span<Half>())
                    value = (Half)rng.NextNormal();
                break;
            case ElementType.Float64:
                foreach (ref double value in tensor.Span<double>())
                    value = rng.NextNormal();
                break;
            default:
                Span<byte> bytes = tensor.Bytes();
                int size = tensor.Type.Size(),
                    lowest = BitConverter.IsLittleEndian ? 0 : size - 1;
                for (int at = 0; at < bytes.Length; at += size)
                    bytes[at + lowest] = isMask ? (byte)1 : (byte)rng.Next(2);
                break;
        }
    }

    /// <summary>A tensor's elements as 32-bit floats, of types that <see cref="For"/> makes.</summary>
    public static float[] Floats(Tensor tensor) =>
        tensor.Type switch
        {
            ElementType.Float32 => tensor.Span<float>().ToArray(),
            ElementType.Float16 => Array.ConvertAll(tensor.Array<Half>(), v => (float)v),
            ElementType.Float64 => Array.ConvertAll(tensor.Array<double>(), v => (float)v),
            ElementType.Int64 => Array.ConvertAll(tensor.Array<long>(), v => (float)v),
            ElementType.Int32 => Array.ConvertAll(tensor.Array<int>(), v => (float)v),
            _ => Array.ConvertAll(tensor.Bytes().ToArray(), v => (float)v),
        };
}
