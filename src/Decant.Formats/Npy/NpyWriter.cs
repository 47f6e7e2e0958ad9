using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>
/// Writes NumPy arrays as NumPy itself does: .npy 1.0, little-endian, C order. 4-bit integers are written as 8-bit
/// ones.
/// </summary>
public static class NpyWriter
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="DecantException">The file cannot be written.</exception>
    public static void Save(Tensor tensor, string path) => AtomicFile.Write(path, stream => Write(tensor, stream));

    /// <summary>Writes an array to a stream.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        stream.Write(NpyHeader.Write(tensor.Type, tensor.Shape));
        stream.Write(Elements(tensor));
    }

    /// <summary>The elements in little-endian order; a copy only where the machine's order is another.</summary>
    internal static ReadOnlySpan<byte> Elements(Tensor tensor)
    {
        if (BitConverter.IsLittleEndian)
            return tensor.Bytes();
        byte[] bytes = tensor.Bytes().ToArray();
        ByteOrder.Reverse(bytes, tensor.Type.Size());
        return bytes;
    }
}
