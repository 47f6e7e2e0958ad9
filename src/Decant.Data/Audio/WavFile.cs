using System.Buffers.Binary;
using Decant.Core;

namespace Decant.Data;

/// <summary>A clip of sound.</summary>
/// <param name="Samples">One channel, from -1 to 1.</param>
/// <param name="Rate">Samples a second.</param>
/// <param name="Channels">How many channels the file has, of which the samples are the mean.</param>
internal sealed record WavClip(float[] Samples, int Rate, int Channels);

/// <summary>Reads .wav files: RIFF WAVE of 16-bit integers or 32-bit floats, any number of channels.</summary>
internal static class WavFile
{
    private const int HeaderSize = 12,
        ChunkHeader = 8,
        FormatSize = 16,
        ExtensibleSize = 26,
        Pcm = 1,
        Floats = 3,
        Extensible = 0xFFFE;

    /// <summary>Whether a file's name is that of one.</summary>
    public static bool IsOne(string path) => Path.GetExtension(path).Equals(".wav", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="DataException">The file cannot be read, is damaged, or of another kind; it is
    /// named.</exception>
    public static WavClip Read(string path)
    {
        if (!File.Exists(path))
            throw new DataException($"there is no sound file {path}");
        try
        {
            if (new FileInfo(path).Length > Array.MaxLength)
                throw new DataException($"{path} is larger than 2 GB; split it");
            return Parse(File.ReadAllBytes(path));
        }
        catch (DataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new DataException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot read {path}: {e.Message}", e);
        }
    }

    private static WavClip Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
            throw new DataException("it is no .wav file: RIFF and WAVE are expected at its beginning");
        ReadOnlySpan<byte> rest = file[HeaderSize..],
            format = default;
        while (rest.Length >= ChunkHeader)
        {
            ReadOnlySpan<byte> name = rest[..4];
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[ChunkHeader..];
            if (size > rest.Length)
                throw new DataException($"a chunk says that it has {size} bytes, and {rest.Length} follow: truncated");
            if (name.SequenceEqual("fmt "u8))
                format = rest[..(int)size];
            if (name.SequenceEqual("data"u8))
                return Clip(format, rest[..(int)size]);
            // Chunks begin at even places.
            rest = rest[(int)Math.Min((long)size + (size & 1), rest.Length)..];
        }
        throw new DataException("it has no chunk of samples");
    }

    private static WavClip Clip(ReadOnlySpan<byte> format, ReadOnlySpan<byte> data)
    {
        if (format.Length < FormatSize)
            throw new DataException("no format is said before the samples");
        int kind = BinaryPrimitives.ReadUInt16LittleEndian(format),
            channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]),
            bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        if (kind == Extensible && format.Length >= ExtensibleSize)
            kind = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        if (channels == 0 || rate is 0 or > int.MaxValue)
            throw new DataException($"it has {channels} channels at {rate} samples a second");
        if ((kind, bits) is not ((Pcm, 16) or (Floats, 32)))
            throw new DataException(
                $"its samples are of format {kind} with {bits} bits; 16-bit integers (1) and 32-bit floats (3) are read"
            );
        return new WavClip(Mixed(data, bits == 16, channels), (int)rate, channels);
    }

    private static float[] Mixed(ReadOnlySpan<byte> data, bool isInteger, int channels)
    {
        int size = isInteger ? sizeof(short) : sizeof(float);
        var samples = new float[data.Length / (size * channels)];
        for (int i = 0; i < samples.Length; i++)
        {
            double sum = 0;
            for (int c = 0; c < channels; c++)
            {
                ReadOnlySpan<byte> at = data.Slice((i * channels + c) * size, size);
                sum += isInteger
                    ? BinaryPrimitives.ReadInt16LittleEndian(at) / 32768.0
                    : BinaryPrimitives.ReadSingleLittleEndian(at);
            }
            samples[i] = (float)(sum / channels);
            if (!float.IsFinite(samples[i]))
                throw new DataException($"sample {i} is not finite");
        }
        return samples;
    }
}
