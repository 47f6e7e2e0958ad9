using System.Buffers.Binary;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>
/// Writes .npz files: a zip of .npy files, stored, without times or anything else of the machine: equal arrays give
/// equal bytes.
/// </summary>
public static class NpzWriter
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="arrays">The arrays by name, in order.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="DecantException">A name comes twice, the file would pass 4 GiB, or it cannot be
    /// written.</exception>
    public static void Save(IEnumerable<KeyValuePair<string, Tensor>> arrays, string path) =>
        AtomicFile.Write(path, stream => Write(arrays, stream));

    /// <summary>Writes arrays to a stream.</summary>
    /// <exception cref="DecantException">A name comes twice, or the file would pass 4 GiB.</exception>
    public static void Write(IEnumerable<KeyValuePair<string, Tensor>> arrays, Stream stream)
    {
        var entries = new List<ZipEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        uint offset = 0;
        foreach (var (name, tensor) in arrays)
        {
            if (!names.Add(name))
                throw new DecantException($"array '{name}' is given twice");
            ZipEntry entry = ZipEntry.Of(name, tensor, offset);
            entry.Write(tensor, stream);
            entries.Add(entry);
            offset = Sum(offset, entry.Size);
        }
        long directory = 0;
        foreach (ZipEntry entry in entries)
        {
            byte[] record = entry.DirectoryRecord();
            stream.Write(record);
            directory += record.Length;
        }
        stream.Write(End(entries.Count, directory, offset));
    }

    private static uint Sum(long a, long b) => a + b <= uint.MaxValue ? (uint)(a + b) : throw TooLarge();

    private static byte[] End(int count, long length, uint offset)
    {
        if (count > ushort.MaxValue || length > uint.MaxValue)
            throw TooLarge();
        var bytes = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), offset);
        return bytes;
    }

    private static DecantException TooLarge() => new("a .npz file holds at most 4 GiB and 65,535 arrays");
}
