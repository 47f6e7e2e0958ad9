using Decant.Core;

namespace Decant.Coding;

/// <summary>A section ready to be written: bytes, and after them a tensor's own bytes, which are not copied.</summary>
internal sealed record CodedSection(DcntSectionKind Kind, byte[] Bytes, Tensor? Tail = null)
{
    public long Length => Bytes.Length + (Tail is null ? 0L : (long)Tail.Count * Tail.Type.Size());

    public uint Checksum => Tail is null ? Crc32.Of(Bytes) : Crc32.Of(Tail.Bytes(), Crc32.Of(Bytes));

    public void WriteTo(Stream stream)
    {
        stream.Write(Bytes);
        if (Tail is not null) stream.Write(Tail.Bytes());
    }

    /// <summary>Adds zeros, which every coding ignores at its end, until the section may hold so many numbers.</summary>
    public CodedSection Padded(long numbers) =>
        Length >= DcntFormat.LeastLength(numbers) ? this : this with { Bytes = [.. Bytes, .. new byte[DcntFormat.LeastLength(numbers) - Length]] };
}
