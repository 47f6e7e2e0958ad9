using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// The settled beginning of bytes that grow large, kept in a temporary file; nothing is created before anything is
/// kept.
/// </summary>
internal sealed class Spill : IDisposable
{
    private FileStream? file;

    /// <summary>How many bytes are kept.</summary>
    public int Length { get; private set; }

    /// <summary>Their CRC-32.</summary>
    public uint Checksum { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        file ??= TemporaryFile.Create();
        file.Write(bytes);
        Length = checked(Length + bytes.Length);
        Checksum = Crc32.Of(bytes, Checksum);
    }

    public void CopyTo(Stream stream)
    {
        if (file is null)
            return;
        file.Position = 0;
        file.CopyTo(stream);
    }

    public void Dispose() => file?.Dispose();
}
