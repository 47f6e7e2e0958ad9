using Decant.Core;
using Decant.Data;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Data;

public sealed class AugmentationTests
{
    private static readonly Shape Small = new(2, 5, 7);
    private static readonly byte[] Image = [.. Enumerable.Range(1, 70).Select(i => (byte)i)];

    [Property(MaxTest = 100)]
    public bool A_shift_and_flip_is_what_a_pixel_loop_makes(ulong seed, byte most)
    {
        var augmenter = new Augmenter(new Augmentation { Shift = most % 5, Flip = true }, Small);
        var moved = new byte[70];
        augmenter.Move<byte>(Image, moved, seed, 3);
        var wanted =
            from dx in Enumerable.Range(-(most % 5), 2 * (most % 5) + 1)
            from dy in Enumerable.Range(-(most % 5), 2 * (most % 5) + 1)
            from flip in new[] { false, true }
            select Reference(dx, dy, flip);
        return wanted.Any(w => w.SequenceEqual(moved));
    }

    [Fact]
    public void Every_shift_and_flip_occurs()
    {
        var augmenter = new Augmenter(new Augmentation { Shift = 1, Flip = true }, Small);
        var seen = new HashSet<string>();
        for (int sample = 0; sample < 500; sample++)
        {
            var moved = new byte[70];
            augmenter.Move<byte>(Image, moved, 1, sample);
            seen.Add(Convert.ToHexString(moved));
        }
        Assert.Equal(18, seen.Count);
    }

    [Fact]
    public void A_shift_of_zero_is_the_identity()
    {
        var moved = new byte[70];
        new Augmenter(new Augmentation { Shift = 0 }, Small).Move<byte>(Image, moved, 1, 1);
        Assert.Equal(Image, moved);
    }

    [Property(MaxTest = 50)]
    public bool A_warp_of_nothing_is_the_move_of_bytes(ulong seed, int sample)
    {
        var moved = new byte[70];
        var bent = new float[70];
        new Augmenter(new Augmentation { Shift = 2, Flip = true }, Small).Move<byte>(Image, moved, seed, sample);
        new Augmenter(
            new Augmentation
            {
                Shift = 2,
                Flip = true,
                Elastic = new(0, 1),
            },
            Small
        ).Bend<byte>(Image, bent, seed, sample);
        return bent.Zip(moved).All(p => Math.Abs(p.First - p.Second) < 1e-3);
    }

    [Fact]
    public void A_warp_agrees_with_bilinear_interpolation_in_double()
    {
        var augmentation = new Augmentation { Rotate = 30, Scale = 0.3 };
        var bent = new float[70];
        new Augmenter(augmentation, Small).Bend<byte>(Image, bent, 11, 5);
        var random = new CounterRandom(11, 5);
        for (int i = 0; i < 3; i++)
            random.NextBits();
        double factor = 1 + random.Next(-0.3, 0.3),
            angle = random.Next(-30, 30) * Math.PI / 180;
        for (int i = 0; i < 70; i++)
        {
            double u = i % 7 - 3,
                v = i / 7 % 5 - 2;
            double x = (Math.Cos(angle) * u + Math.Sin(angle) * v) / factor + 3,
                y = (Math.Cos(angle) * v - Math.Sin(angle) * u) / factor + 2;
            Assert.Equal(Bilinear(i / 35, x, y), bent[i], 1e-3);
        }
    }

    [Fact]
    public void Elastic_displacements_are_smooth_and_of_the_strength_asked()
    {
        var field = new ElasticField(new ElasticDeformation(34, 4), 28, 28, 0);
        var random = new CounterRandom(1, 1);
        field.Draw(ref random);
        // A smoothed uniform field has deviation alpha / sqrt(3) / (2 sqrt(pi) sigma): here 1.38 pixels.
        double deviation = Math.Sqrt(field.X.Concat(field.Y).Average(d => (double)d * d));
        Assert.InRange(deviation, 0.7, 2.3);
        for (int i = 1; i < 784; i++)
            if (i % 28 != 0)
                Assert.True(Math.Abs(field.X[i] - field.X[i - 1]) < 1.2);
    }

    [Fact]
    public void Numbers_out_of_range_and_flat_images_are_refused()
    {
        foreach (
            Augmentation bad in new Augmentation[]
            {
                new() { Shift = 5 },
                new() { Shift = -1 },
                new() { Rotate = 181 },
                new() { Rotate = double.NaN },
                new() { Scale = 1 },
                new() { Elastic = new(-1, 4) },
                new() { Elastic = new(1, 0) },
            }
        )
            Assert.Throws<DataException>(() => bad.CheckFits(Small));
        Assert.Throws<DataException>(() => new Augmentation { Flip = true }.CheckFits(new Shape(784)));
        Augmentation.None.CheckFits(new Shape(784));
    }

    private static byte[] Reference(int dx, int dy, bool flip)
    {
        var to = new byte[70];
        for (int i = 0; i < 70; i++)
        {
            int x = i % 7 - dx,
                y = i / 7 % 5 - dy;
            if (x is >= 0 and < 7 && y is >= 0 and < 5)
                to[i] = Image[i / 35 * 35 + y * 7 + (flip ? 6 - x : x)];
        }
        return to;
    }

    private static double Bilinear(int channel, double x, double y)
    {
        double sum = 0;
        for (int r = 0; r < 5; r++)
        for (int c = 0; c < 7; c++)
            sum +=
                Image[channel * 35 + r * 7 + c] * Math.Max(0, 1 - Math.Abs(x - c)) * Math.Max(0, 1 - Math.Abs(y - r));
        return sum;
    }
}
