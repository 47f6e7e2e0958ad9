using System.Numerics;
using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data.Audio;

public sealed class AudioSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Integers_floats_and_the_mean_of_channels_are_read()
    {
        folder.Write("a.wav", WavFixtures.Integers([16384, -32768, 0, 32767]));
        folder.Write("b.wav", WavFixtures.Floats(0.25f, -1, 0.5f, 1));
        folder.Write("c.wav", WavFixtures.Integers([16384, 0, -16384, 16384], channels: 2));
        Assert.Equal([0.5f, -1, 0, 32767 / 32768f], WavFile.Read(folder["a.wav"]).Samples);
        Assert.Equal([0.25f, -1, 0.5f, 1], WavFile.Read(folder["b.wav"]).Samples);
        Assert.Equal([0.25f, 0], WavFile.Read(folder["c.wav"]).Samples);
        AudioSource source = AudioSource.Open(folder.Path, new AudioOptions { Frame = 2 });
        Assert.Contains("1 of 3 clips have several channels", source.Notes.Single());
    }

    [Theory]
    [InlineData("RIFF", "is no .wav file")]
    [InlineData("eight bits", "format 1 with 8 bits")]
    [InlineData("truncated", "truncated")]
    [InlineData("no samples", "no chunk of samples")]
    [InlineData("no channels", "0 channels")]
    [InlineData("not finite", "sample 1 is not finite")]
    public void What_cannot_be_read_is_named(string what, string said)
    {
        byte[] file = what switch
        {
            "RIFF" => "RIFX"u8.ToArray(),
            "eight bits" => WavFixtures.File(1, 8, 1, 8000, [1, 2]),
            "truncated" => WavFixtures.Integers([1, 2, 3])[..^2],
            "no samples" => WavFixtures.Integers([1, 2, 3])[..48],
            "no channels" => WavFixtures.File(1, 16, 0, 8000, [1, 2]),
            _ => WavFixtures.Floats(0, float.NaN),
        };
        string path = folder.Write("bad.wav", file);
        string message = Assert.Throws<DataException>(() => WavFile.Read(path)).Message;
        Assert.StartsWith(path, message);
        Assert.Contains(said, message);
    }

    [Fact]
    public void Frames_follow_each_other_within_a_clip()
    {
        folder.Write("set/a.wav", WavFixtures.Floats([.. Enumerable.Range(0, 9).Select(i => i / 100f)]));
        folder.Write("set/b.wav", WavFixtures.Floats([.. Enumerable.Range(0, 6).Select(i => -i / 100f)]));
        folder.Write("set/c.wav", WavFixtures.Floats(1, 1));
        var options = new AudioOptions
        {
            Frame = 4,
            Hop = 2,
            Limits = Limits(1, 1, 4),
        };
        AudioSource source = AudioSource.Open(folder["set"], options);
        Assert.Equal([0, 3], source.Starts.AsEnumerable());
        Assert.Equal("'x' Float32 1×4", source.Inputs.Single().ToString());
        Tensor read = source.Read([1, 2, 4]).Inputs[0];
        Assert.Equal([2, 3, 4, 5, 4, 5, 6, 7, -2, -3, -4, -5], read.Array<float>().Select(x => MathF.Round(100 * x)));
        Assert.Contains("1 of 3 clips are shorter", source.Notes.Single());
        Assert.Equal(source.Fingerprint, AudioSource.Open(folder["set"], options).Fingerprint);
        Assert.NotEqual(source.Fingerprint, source.Take([0, 1]).Fingerprint);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(16)]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(27)]
    public void Magnitudes_are_those_of_the_transform_written_out(int length)
    {
        float[] samples = [.. Enumerable.Range(0, length).Select(i => MathF.Sin(i * i))];
        foreach (AudioWindow window in Enum.GetValues<AudioWindow>())
        {
            var made = new float[Fourier.Bins(length)];
            new Fourier(length, window).Magnitudes(samples, made);
            for (int k = 0; k < made.Length; k++)
            {
                Complex sum = 0;
                for (int i = 0; i < length; i++)
                {
                    double weight = window == AudioWindow.Hann ? Math.Pow(Math.Sin(Math.PI * i / length), 2) : 1;
                    sum += weight * samples[i] * Complex.Exp(new Complex(0, -2 * Math.PI * i * k / length));
                }
                Assert.Equal(sum.Magnitude, made[k], 1e-4);
            }
        }
    }

    [Fact]
    public void The_network_says_how_long_a_frame_is()
    {
        folder.Write("a.wav", WavFixtures.Floats(new float[20]));
        AudioSource samples = Open(AudioFeatures.Samples, 1, 8),
            magnitudes = Open(AudioFeatures.LogMagnitude, 1, 1, 5);
        Assert.Equal((2, new Shape(8)), (samples.Count, samples.Inputs[0].Shape));
        Assert.Equal((2, new Shape(1, 5)), (magnitudes.Count, magnitudes.Inputs[0].Shape));
        Assert.All(magnitudes.Read([0]).Inputs[0].Array<float>(), x => Assert.Equal(Math.Log(1e-5), x, 1e-5));
        Assert.Equal(new Shape(1, 4), OpenFrame(4, -1, -1, -1).Inputs[0].Shape);
        Assert.Contains("is not known", Refusal(() => Open(AudioFeatures.Samples, 1, -1)));
        Assert.Contains("a frame has 6 elements, and an example of input 'x' is 8", Refusal(() => OpenFrame(6, 1, 8)));

        AudioSource Open(AudioFeatures features, params int[] shape) => OpenWith(features, null, shape);
        AudioSource OpenFrame(int frame, params int[] shape) => OpenWith(AudioFeatures.Samples, frame, shape);
        AudioSource OpenWith(AudioFeatures features, int? frame, int[] shape) =>
            AudioSource.Open(
                folder["a.wav"],
                new AudioOptions
                {
                    Features = features,
                    Frame = frame,
                    Limits = Limits(shape),
                }
            );
    }

    [Fact]
    public void Clips_have_one_sampling_rate()
    {
        folder.Write("a.wav", WavFixtures.Integers([1, 2]));
        folder.Write("b.wav", WavFixtures.Integers([1, 2], rate: 8000));
        Assert.Contains(
            "b.wav has 8000 samples a second",
            Refusal(() => AudioSource.Open(folder.Path, new AudioOptions { Frame = 1 }))
        );
    }

    private static string Refusal(Func<object> open) => Assert.Throws<DataException>(open).Message;

    private static AudioLimits Limits(params int[] shape) =>
        AudioLimits.Of(new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(shape))));
}
