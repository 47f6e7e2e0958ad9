using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>Reads NumPy arrays: .npy of version 1.0, 2.0 and 3.0, either byte order, C or Fortran order; the tensor is row-major.</summary>
public static class NpyReader
{
    /// <summary>Reads a file, which must hold one array and nothing more.</summary>
    /// <exception cref="FileFormatException">It is truncated, damaged, or of a type that is not supported.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public static Tensor Read(string path) => InputFile.Read(path, stream => ReadAll(new BoundedStream(stream, stream.Length)));

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
        return stream.Remaining == 0 ? tensor : throw new FileFormatException($"{stream.Remaining} bytes follow the array", stream.Position);
    }

    private static Tensor Read(BoundedStream stream)
    {
        NpyHeader header = NpyHeader.Read(stream);
        if (header.DataLength > stream.Remaining)
            throw new FileFormatException(
                $"an array of {header.Type} {header.Shape} needs {header.DataLength} bytes where {stream.Remaining} remain", stream.Position);
        Tensor tensor = Tensor.Zeros(header.Type, header.Shape);
        stream.Read(tensor.Bytes());
        if (header.BigEndian == BitConverter.IsLittleEndian) ByteOrder.Reverse(tensor.Bytes(), header.Type.Size());
        if (header.Type == ElementType.Bool) ByteOrder.NormalizeBools(tensor.Bytes());
        return header.Fortran ? FortranOrder.ToRowMajor(tensor) : tensor;
    }
}
