using System.Runtime.InteropServices;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats.PyTorch;

/// <summary>A storage as the pickle names it: numbers that lie elsewhere in the file, which tensors are views of.</summary>
/// <param name="Key">What the file calls it.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Count">How many numbers.</param>
internal sealed record StorageReference(string Key, StorageType Type, int Count)
{
    /// <summary>Bytes it takes in the file.</summary>
    public long Bytes => (long)Count * Type.Stored.Size();

    /// <summary>Reads the numbers, little-endian, as a vector.</summary>
    /// <exception cref="FileFormatException">There are fewer bytes.</exception>
    public Tensor Read(BoundedStream stream)
    {
        if (Bytes > stream.Remaining)
            throw new FileFormatException($"storage '{Key}' of {Count} numbers needs {Bytes} bytes where {stream.Remaining} remain", stream.Position);
        if (Bytes > Array.MaxLength) throw new FileFormatException($"storage '{Key}' takes {Bytes} bytes; at most {Array.MaxLength} are read", stream.Position);
        Tensor stored = Tensor.Zeros(Type.Stored, new Shape(Count));
        stream.Read(stored.Bytes());
        if (!BitConverter.IsLittleEndian) ByteOrder.Reverse(stored.Bytes(), Type.Stored.Size());
        if (Type.Stored == ElementType.Bool) ByteOrder.NormalizeBools(stored.Bytes());
        return Type.Stored == Type.Type ? stored : Widened(stored.Span<ushort>());
    }

    /// <summary>bfloat16 is the upper half of a 32-bit float.</summary>
    private static Tensor Widened(ReadOnlySpan<ushort> halves)
    {
        var floats = new float[halves.Length];
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(floats.AsSpan());
        for (int i = 0; i < bits.Length; i++) bits[i] = (uint)halves[i] << 16;
        return Tensor.Vector(floats);
    }
}
