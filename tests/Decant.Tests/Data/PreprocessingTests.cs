using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Data;

public sealed class PreprocessingTests
{
    private static readonly Preprocessing ResNet = Preprocessing.Parse(
        "scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225;channels=rgb"
    );

    [Fact]
    public void Computes_what_a_hand_computes()
    {
        var x = new float[3];
        ResNet.Apply([255, 0, 51], new Shape(3, 1, 1), x);
        Assert.Equal([(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225], x.Select(v => (double)v), (a, b) =>
            Math.Abs(a - b) < 1e-6
        );
    }

    [Fact]
    public void Bgr_swaps_before_the_mean_is_taken()
    {
        var x = new float[6];
        Preprocessing.Parse("mean=104,117,123;channels=bgr").Apply([1, 2, 3, 4, 5, 6], new Shape(3, 1, 2), x);
        Assert.Equal([5 - 104, 6 - 104, 3 - 117, 4 - 117, 1 - 123, 2 - 123], x);
    }

    [Property(MaxTest = 100)]
    public bool Vectors_give_the_scalar_bits_at_every_length(byte[] pixels, byte mean, byte std)
    {
        float scale = 1 / 255f,
            m = mean / 256f,
            s = (std + 1) / 64f;
        byte[] longer = [.. pixels, .. pixels, .. pixels];
        float[] a = new float[longer.Length + 1],
            b = new float[longer.Length + 1],
            c = new float[longer.Length + 1];
        NormalizationKernel.Scalar(longer, a, scale, m, s);
        NormalizationKernel.Apply(longer, b, scale, m, s);
        NormalizationKernel.Apply(Array.ConvertAll(longer, p => (float)p), c, scale, m, s);
        var d = new float[longer.Length];
        NormalizationKernel.Widen(longer, d);
        return a.SequenceEqual(b) && a.SequenceEqual(c) && d.SequenceEqual(longer.Select(p => (float)p));
    }

    [Fact]
    public void Every_byte_goes_the_same_way_in_vectors()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var x = new float[256];
        Preprocessing.Parse("scale=1/256").Apply(all, new Shape(256), x);
        Assert.Equal(all.Select(b => b / 256f), x);
    }

    [Theory]
    [InlineData("scale=1;mean=0;std=1;channels=rgb")]
    [InlineData("scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225;channels=rgb")]
    [InlineData("scale=0.017;mean=104,117,123;std=1;channels=bgr")]
    public void The_text_is_stable(string text)
    {
        Assert.Equal(text, Preprocessing.Parse(text).ToString());
        Assert.Equal(Preprocessing.Parse(text), Preprocessing.Parse(Preprocessing.Parse(text).ToString()));
    }

    [Property(MaxTest = 200)]
    public bool Any_scale_survives_its_text(float scale) =>
        !float.IsFinite(scale)
        || scale == 0
        || Preprocessing.Parse((Preprocessing.None with { Scale = scale }).ToString()).Scale == scale;

    [Theory]
    [InlineData("std=0", "std is 0")]
    [InlineData("std=-1", "std is -1")]
    [InlineData("scale=0", "scale is 0")]
    [InlineData("scale=1/0", "scale has '1/0'")]
    [InlineData("mean=1,x", "mean has 'x'")]
    [InlineData("mean=nan", "mean is NaN")]
    [InlineData("gain=2", "'gain' is not known")]
    [InlineData("mean", "'mean' is not key=value")]
    [InlineData("mean=1;mean=2", "given twice")]
    [InlineData("channels=grb", "rgb and bgr")]
    public void Bad_text_is_named(string text, string said) =>
        Assert.Contains(
            said,
            Assert.Throws<DataException>(() => Preprocessing.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Means_and_channels_must_fit_the_images()
    {
        Assert.Contains(
            "3 means",
            Assert.Throws<DataException>(() => ResNet.CheckFits(new Shape(1, 28, 28))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "bgr",
            Assert.Throws<DataException>(() => Preprocessing.Parse("channels=bgr").CheckFits(new Shape(784))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<DataException>(() =>
            (Preprocessing.None with { Mean = ImmutableArray<float>.Empty }).Validated()
        );
        Assert.Throws<DataException>(() => Preprocessing.None.Apply(new byte[3], new Shape(4), new float[4]));
        Preprocessing.Parse("mean=3").CheckFits(new Shape(5, 2, 2));
    }
}
