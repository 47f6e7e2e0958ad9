using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Random elements of inputs: floats are normal with mean 0 and variance 1, masks 1, other integers and truth values
/// uniform.
/// </summary>
public static class RandomValues
{
    /// <summary>Whether elements of a type can be made.</summary>
    public static bool AreMade(ElementType type) => type.IsFloat() || type == ElementType.Bool || type.IsInteger();

    /// <summary>Whether an input is a mask by its name and type.</summary>
    public static bool IsMask(ValueInfo input) =>
        input.Name.EndsWith("mask", StringComparison.Ordinal) && input.Type.Type.IsInteger();

    /// <summary>Fills elements.</summary>
    /// <param name="elements">Their bytes, one element after the other.</param>
    /// <param name="type">Their type.</param>
    /// <param name="isMask">Whether they are those of a mask.</param>
    /// <param name="bound">Integers are below it.</param>
    /// <param name="rng">Decides each.</param>
    public static void Fill(Span<byte> elements, ElementType type, bool isMask, int bound, Rng rng)
    {
        int size = type.Size();
        for (int at = 0; at < elements.Length; at += size)
            Set(elements.Slice(at, size), type, isMask, bound, rng);
    }

    private static void Set(Span<byte> to, ElementType type, bool isMask, int bound, Rng rng)
    {
        if (type == ElementType.Float32)
            BitConverter.TryWriteBytes(to, (float)rng.NextNormal());
        else if (type == ElementType.Float64)
            BitConverter.TryWriteBytes(to, rng.NextNormal());
        else if (type == ElementType.Float16)
            BitConverter.TryWriteBytes(to, (Half)rng.NextNormal());
        else
        {
            int value = isMask ? 1 : rng.Next(bound);
            for (int b = 0; b < Math.Min(to.Length, sizeof(int)); b++)
                to[BitConverter.IsLittleEndian ? b : to.Length - 1 - b] = (byte)(value >> (8 * b));
        }
    }
}
