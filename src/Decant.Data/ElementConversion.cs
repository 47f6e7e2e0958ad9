using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Elements of a field as those of the type that an input takes, where nothing but precision is lost.
/// </summary>
internal static class ElementConversion
{
    /// <summary>Whether an input of one type takes a field of another.</summary>
    public static bool Exists(ElementType from, ElementType to) =>
        from == to || (from.IsFloat() && to.IsFloat()) || (IsIndex(from) && IsIndex(to));

    /// <summary>Converts all elements.</summary>
    /// <param name="from">What is given.</param>
    /// <param name="to">Gets them; elements beyond those are left.</param>
    /// <param name="name">What messages call the field.</param>
    /// <exception cref="DataException">An integer is too large.</exception>
    public static void Convert(Tensor from, Tensor to, string name)
    {
        if (from.Type == to.Type)
            from.Bytes().CopyTo(to.Bytes());
        else if (from.Type == ElementType.Int32)
            for (int i = 0; i < from.Count; i++)
                to.Span<long>()[i] = from.Span<int>()[i];
        else if (from.Type == ElementType.Int64)
            for (int i = 0; i < from.Count; i++)
                to.Span<int>()[i] = from.Span<long>()[i] is >= int.MinValue and <= int.MaxValue and var number
                    ? (int)number
                    : throw new DataException($"'{name}' holds {from.Span<long>()[i]}, which no 32-bit input can take");
        else
            for (int i = 0; i < from.Count; i++)
                Set(to, i, Get(from, i));
    }

    private static bool IsIndex(ElementType type) => type is ElementType.Int32 or ElementType.Int64;

    private static double Get(Tensor tensor, int i) =>
        tensor.Type switch
        {
            ElementType.Float64 => tensor.Span<double>()[i],
            ElementType.Float16 => (double)tensor.Span<Half>()[i],
            _ => tensor.Span<float>()[i],
        };

    private static void Set(Tensor tensor, int i, double value)
    {
        if (tensor.Type == ElementType.Float64)
            tensor.Span<double>()[i] = value;
        else if (tensor.Type == ElementType.Float16)
            tensor.Span<Half>()[i] = (Half)value;
        else
            tensor.Span<float>()[i] = (float)value;
    }
}
