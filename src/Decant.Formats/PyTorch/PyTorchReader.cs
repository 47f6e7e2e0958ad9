using System.Buffers.Binary;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats.PyTorch;

/// <summary>
/// Reads state dictionaries that PyTorch's torch.save wrote, in its zip format and in the one before: tensors by name. Nothing that the file's
/// pickle asks to be run is run; a file that holds other objects than dictionaries, texts, numbers and tensors is refused.
/// </summary>
public static class PyTorchReader
{
    private const uint ZipMark = 0x04034B50;

    /// <summary>Reads a file (.th, .pt, .pth).</summary>
    /// <returns>The tensors in the file's order: those of its entry <c>state_dict</c> where it has one; without the prefix "module."
    /// that all names have after training on several devices. bfloat16 comes as float32.</returns>
    /// <exception cref="FileFormatException">It is damaged, no state dictionary, or asks for what is no part of one; that is named.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Read(string path) => InputFile.Read(path, stream => Read(new BufferedStream(stream, 1 << 16)));

    /// <summary>Reads a file that lies in a stream.</summary>
    /// <param name="stream">The stream, which is closed; one that cannot seek is first copied into memory.</param>
    /// <exception cref="FileFormatException">It is damaged, no state dictionary, or asks for what is no part of one; that is named.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Read(Stream stream)
    {
        using Stream file = InputFile.Seekable(stream);
        Span<byte> mark = stackalloc byte[sizeof(uint)];
        long start = file.Position;
        bool zip = file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length && BinaryPrimitives.ReadUInt32LittleEndian(mark) == ZipMark;
        file.Position = start;
        return zip ? ArchiveFile.Read(file) : LegacyFile.Read(new BoundedStream(file, file.Length - start));
    }
}
