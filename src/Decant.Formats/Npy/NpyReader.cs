using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>
/// Reads NumPy arrays: .npy of version 1.0, 2.0 and 3.0, either byte order, C or Fortran order; the tensor is
/// row-major.
/// </summary>
public static class NpyReader
{
    /// <summary>Reads a file, which must hold one array and nothing more.</summary>
    /// <exception cref="FileFormatException">It is truncated, damaged, or of a type that is not supported.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public static Tensor Read(string path) =>
        InputFile.Read(path, stream => ReadAll(new BoundedStream(stream, stream.Length)));

    /// <summary>Reads the array that a stream holds next; what follows it is left.</summary>
    /// <param name="stream">The stream; one that cannot seek is first copied into memory.</param>
    /// <exception cref="FileFormatException">It is truncated, damaged, or of a type that is not supported.</exception>
    public static Tensor Read(Stream stream)
    {
        Stream seekable = InputFile.Seekable(stream);
        return Read(new BoundedStream(seekable, seekable.Length - seekable.Position));
    }

    /// <summary>Reads an array that fills its stream.</summary>
    internal static Tensor ReadAll(BoundedStream stream)
    {
        Tensor tensor = Read(stream);
        return stream.Remaining == 0
            ? tensor
            : throw new FileFormatException($"{stream.Remaining} bytes follow the array", stream.Position);
    }

    private static Tensor Read(BoundedStream stream)
    {
        NpyHeader header = NpyHeader.Read(stream);
        if (header.DataLength > stream.Remaining)
            throw new FileFormatException(
                $"an array of {header.Type} {header.Shape} needs {header.DataLength} bytes where "
                    + $"{stream.Remaining} remain",
                stream.Position
            );
        Tensor tensor = Tensor.Zeros(header.Type, header.Shape);
        stream.Read(tensor.Bytes());
        if (header.BigEndian == BitConverter.IsLittleEndian)
            ByteOrder.Reverse(tensor.Bytes(), header.Type.Size());
        if (header.Type == ElementType.Bool)
            ByteOrder.NormalizeBools(tensor.Bytes());
        return header.Fortran ? FortranOrder.ToRowMajor(tensor) : tensor;
    }
}

/// <summary>A stream of which it is known how much there is to read.</summary>
/// <param name="stream">Where the bytes come from.</param>
/// <param name="length">How many there are.</param>
internal sealed class BoundedStream(Stream stream, long length)
{
    /// <summary>How far has been read.</summary>
    public long Position { get; private set; }

    /// <summary>How much is left.</summary>
    public long Remaining => length - Position;

    /// <summary>The CRC-32 of what was read.</summary>
    public uint Crc { get; private set; }

    /// <summary>Fills a span.</summary>
    /// <exception cref="FileFormatException">There is less.</exception>
    public void Read(Span<byte> into)
    {
        if (into.Length > Remaining || stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length)
            throw new FileFormatException(
                $"{into.Length} bytes are needed where {Remaining} remain: the file is truncated or damaged",
                Position
            );
        Position += into.Length;
        Crc = Crc32.Of(into, Crc);
    }

    /// <summary>Reads on without keeping what is read.</summary>
    /// <exception cref="FileFormatException">There is less.</exception>
    public void Skip(long count)
    {
        var dropped = new byte[Math.Min(count, 1 << 16)];
        for (; count > 0; count -= dropped.Length)
            Read(dropped.AsSpan(0, (int)Math.Min(count, dropped.Length)));
    }
}

/// <summary>Arrays whose first axis runs fastest.</summary>
internal static class FortranOrder
{
    /// <summary>A copy of a tensor, whose elements lie in Fortran order, with them in row-major order.</summary>
    public static Tensor ToRowMajor(Tensor tensor)
    {
        if (tensor.Shape.Rank < 2 || tensor.Count == 0)
            return tensor;
        Tensor result = Tensor.Zeros(tensor.Type, tensor.Shape);
        switch (tensor.Type.Size())
        {
            case 1:
                Reorder<byte>(tensor, result);
                break;
            case 2:
                Reorder<ushort>(tensor, result);
                break;
            case 4:
                Reorder<uint>(tensor, result);
                break;
            default:
                Reorder<ulong>(tensor, result);
                break;
        }
        return result;
    }

    private static void Reorder<T>(Tensor from, Tensor to)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(from.Bytes());
        Span<T> target = MemoryMarshal.Cast<byte, T>(to.Bytes());
        Shape shape = from.Shape;
        int[] extents = [.. shape.Dims],
            steps = new int[extents.Length],
            at = new int[extents.Length];
        for (int axis = 0, step = 1; axis < steps.Length; step *= extents[axis++])
            steps[axis] = step;
        for (int i = 0, position = 0; i < target.Length; i++)
        {
            target[i] = source[position];
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                position += steps[axis];
                if (++at[axis] < extents[axis])
                    break;
                position -= steps[axis] * extents[axis];
                at[axis] = 0;
            }
        }
    }
}
