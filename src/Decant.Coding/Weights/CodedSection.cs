using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// A section ready to be written: what was spilled, then bytes, then a tensor's own bytes, which are not copied.
/// </summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Tail">The tensor.</param>
/// <param name="Head">What was spilled.</param>
/// <param name="Version">The first version of the container that has such a section.</param>
internal sealed record CodedSection(
    DcntSectionKind Kind,
    byte[] Bytes,
    Tensor? Tail = null,
    Spill? Head = null,
    byte Version = 1
) : IDisposable
{
    public long Length =>
        (Head?.Length ?? 0) + Bytes.Length + (Tail is null ? 0L : (long)Tail.Count * Tail.Type.Size());

    public uint Checksum
    {
        get
        {
            uint sum = Crc32.Of(Bytes, Head?.Checksum ?? 0);
            return Tail is null ? sum : Crc32.Of(Tail.Bytes(), sum);
        }
    }

    public void WriteTo(Stream stream)
    {
        Head?.CopyTo(stream);
        stream.Write(Bytes);
        if (Tail is not null)
            stream.Write(Tail.Bytes());
    }

    /// <summary>
    /// Adds zeros, which every coding ignores at its end, until the section may hold so many numbers.
    /// </summary>
    public CodedSection Padded(long numbers) =>
        Length >= DcntFormat.LeastLength(numbers)
            ? this
            : this with
            {
                Bytes = [.. Bytes, .. new byte[DcntFormat.LeastLength(numbers) - Length]],
            };

    public void Dispose() => Head?.Dispose();
}
