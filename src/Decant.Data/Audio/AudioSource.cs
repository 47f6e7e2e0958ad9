using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Frames of sound from .wav files, clip after clip, each clip in its order: a field of 32-bit floats, named and shaped
/// as the network's input.
/// </summary>
public sealed class AudioSource : IDataSource
{
    private readonly ImmutableArray<float[]> clips;
    private readonly ImmutableArray<(int Clip, int At)> frames;
    private readonly AudioOptions options;
    private readonly int frame;
    private readonly Lazy<string> fingerprint;

    private AudioSource(
        string name,
        ImmutableArray<float[]> clips,
        ImmutableArray<(int Clip, int At)> frames,
        AudioOptions options,
        int frame,
        ImmutableArray<string> notes
    )
    {
        (Name, this.clips, this.frames, this.options, this.frame, Notes) = (name, clips, frames, options, frame, notes);
        Inputs =
        [
            new DataField(
                options.Limits.Input,
                ElementType.Float32,
                options.Limits.ShapeOf(FeaturesOf(frame, options))
            ),
        ];
        Starts = [.. Enumerable.Range(0, frames.Length).Where(i => i == 0 || frames[i].Clip != frames[i - 1].Clip)];
        fingerprint = new(Hash);
    }

    /// <summary>Reads a .wav file, or those of a folder in the order of their names.</summary>
    /// <exception cref="DataException">There is none, one is damaged, they differ in their sampling rate, or frames do
    /// not fit the network's input.</exception>
    public static AudioSource Open(string path, AudioOptions options)
    {
        string[] files = Directory.Exists(path) ? FilesOf(path) : [path];
        if (files.Length == 0)
            throw new DataException($"{path} holds no sound: .wav files are looked for");
        int frame = FrameOf(options),
            hop = options.Hop ?? frame;
        if (frame < 1 || hop < 1)
            throw new DataException($"frames of {frame} samples, {hop} apart; at least 1 is needed");
        var clips = new List<float[]>();
        var notes = new List<string>();
        int rate = 0,
            mixed = 0,
            shorter = 0;
        foreach (string file in files)
        {
            WavClip clip = WavFile.Read(file);
            if (rate != 0 && rate != clip.Rate)
                throw new DataException($"{file} has {clip.Rate} samples a second, and {files[0]} has {rate}");
            rate = clip.Rate;
            mixed += clip.Channels > 1 ? 1 : 0;
            if (clip.Samples.Length < frame)
                shorter++;
            else
                clips.Add(clip.Samples);
        }
        if (clips.Count == 0)
            throw new DataException($"no clip of {path} has the {frame} samples of a frame");
        if (mixed > 0)
            notes.Add($"{mixed} of {files.Length} clips have several channels, of which the mean is taken");
        if (shorter > 0)
            notes.Add(
                $"{shorter} of {files.Length} clips are shorter than a frame of {frame} samples and are left out"
            );
        return new AudioSource(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
            [.. clips],
            [.. clips.SelectMany((c, i) => Places(c.Length, frame, hop).Select(at => (i, at)))],
            options,
            frame,
            [.. notes]
        );
    }

    /// <summary>Whether a path is a .wav file, or a folder that holds some.</summary>
    public static bool IsOne(string path) => Directory.Exists(path) ? FilesOf(path).Length > 0 : WavFile.IsOne(path);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => frames.Length;

    /// <inheritdoc/>
    public ImmutableArray<DataField> Inputs { get; }

    /// <inheritdoc/>
    public ImmutableArray<DataField> Targets => [];

    /// <inheritdoc/>
    public ImmutableArray<int> Starts { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices)
    {
        Rows.Check(this, indices, "frame");
        int size = FeaturesOf(frame, options);
        Tensor read = Tensor.Zeros(ElementType.Float32, new Shape([indices.Length, .. Inputs[0].Shape.Dims]));
        Fourier? fourier = options.Features == AudioFeatures.Samples ? null : new Fourier(frame, options.Window);
        for (int i = 0; i < indices.Length; i++)
        {
            var (clip, at) = frames[indices[i]];
            ReadOnlySpan<float> samples = clips[clip].AsSpan(at, frame);
            Span<float> to = read.Span<float>().Slice(i * size, size);
            if (fourier is null)
                samples.CopyTo(to);
            else
                fourier.Magnitudes(samples, to);
            if (options.Features == AudioFeatures.LogMagnitude)
                foreach (ref float magnitude in to)
                    magnitude = MathF.Log(MathF.Max(magnitude, 1e-5f));
        }
        return new Batch(indices.Length, [read], []);
    }

    /// <inheritdoc/>
    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        Rows.Check(this, indices, "frame");
        int[] taken = indices.ToArray();
        return new AudioSource(Name, clips, [.. taken.Select(i => frames[i])], options, frame, Notes);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} frames of {clips.Length} clips";

    private static string[] FilesOf(string folder) =>
        [.. Directory.GetFiles(folder).Where(WavFile.IsOne).Order(StringComparer.Ordinal)];

    private static IEnumerable<int> Places(int samples, int frame, int hop)
    {
        for (long at = 0; at + frame <= samples; at += hop)
            yield return (int)at;
    }

    private static int FrameOf(AudioOptions options) =>
        options.Frame
        ?? (
            options.Limits.Elements is { } elements
                ? options.Features == AudioFeatures.Samples
                    ? elements
                    : 2 * (elements - 1)
                : throw new DataException(
                    $"how many samples a frame has is not known: input '{options.Limits.Input}' does not say it"
                )
        );

    private static int FeaturesOf(int frame, AudioOptions options) =>
        options.Features == AudioFeatures.Samples ? frame : Fourier.Bins(frame);

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            System.Text.Encoding.UTF8.GetBytes($"{Inputs[0]} {frame} {options.Features} {options.Window}\n")
        );
        foreach (var (clip, at) in frames)
            hash.AppendData(MemoryMarshal.AsBytes(clips[clip].AsSpan(at, frame)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
