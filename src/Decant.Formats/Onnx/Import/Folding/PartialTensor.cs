using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>A small tensor whose elements are known in part. Its shape is known.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Terms">The elements, row-major: integers as numbers, others as their bits.</param>
internal sealed record PartialTensor(ElementType Type, Shape Shape, Term[] Terms)
{
    /// <summary>The most elements that are followed one by one.</summary>
    public const int MaxCount = 1 << 16;

    public int Count => Terms.Length;

    public bool IsConstant => Array.TrueForAll(Terms, t => t.IsConstant);

    public bool IsInteger => Type is ElementType.Int64 or ElementType.Int32;

    /// <summary>A vector of integers.</summary>
    public static PartialTensor Vector(params Term[] terms) => new(ElementType.Int64, new Shape(terms.Length), terms);

    /// <summary>A tensor all of whose elements are known; null if it has too many to follow, or 4-bit ones.</summary>
    public static PartialTensor? Of(Tensor tensor)
    {
        if (tensor.Count > MaxCount)
            return null;
        var terms = new Term[tensor.Count];
        for (int i = 0; i < terms.Length; i++)
            terms[i] = Term.Of(Bits(tensor, i));
        return new PartialTensor(tensor.Type, tensor.Shape, terms);
    }

    /// <summary>Elements taken from this one: for each of the result, which.</summary>
    public PartialTensor Pick(Shape shape, int[] from) => new(Type, shape, Array.ConvertAll(from, i => Terms[i]));

    /// <summary>The integers; null unless all are known.</summary>
    public long[]? Integers() => IsInteger && IsConstant ? Array.ConvertAll(Terms, t => t.Constant) : null;

    /// <summary>The tensor where each symbol has a value; null if an element is unknown.</summary>
    public Tensor? At(ReadOnlySpan<int> symbols)
    {
        Tensor tensor = Tensor.Zeros(Type, Shape);
        for (int i = 0; i < Terms.Length; i++)
        {
            if (Terms[i].At(symbols) is not { } value)
                return null;
            Put(tensor, i, value);
        }
        return tensor;
    }

    private static long Bits(Tensor tensor, int i)
    {
        ReadOnlySpan<byte> bytes = tensor.Bytes();
        return tensor.Type.Size() switch
        {
            1 => tensor.Type is ElementType.Int8 or ElementType.Int4 ? (sbyte)bytes[i] : bytes[i],
            2 => tensor.Type == ElementType.Int16 ? At<short>(bytes, i) : At<ushort>(bytes, i),
            4 => tensor.Type == ElementType.UInt32 ? At<uint>(bytes, i) : At<int>(bytes, i),
            _ => At<long>(bytes, i),
        };
    }

    private static void Put(Tensor tensor, int i, long value)
    {
        Span<byte> bytes = tensor.Bytes();
        switch (tensor.Type.Size())
        {
            case 1:
                bytes[i] = (byte)value;
                break;
            case 2:
                MemoryMarshal.Cast<byte, short>(bytes)[i] = (short)value;
                break;
            case 4:
                MemoryMarshal.Cast<byte, int>(bytes)[i] = (int)value;
                break;
            default:
                MemoryMarshal.Cast<byte, long>(bytes)[i] = value;
                break;
        }
    }

    private static T At<T>(ReadOnlySpan<byte> bytes, int i)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes)[i];
}
