using Decant.Core;
using Decant.Core.Channels;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Encodings;

/// <summary>Linear weights whose scales lie in blocks, against loops over coordinates.</summary>
public sealed class LinearBlockTests
{
    [Property(MaxTest = 80)]
    public void An_element_has_the_scale_and_zero_point_of_its_block(ulong seed)
    {
        LinearEncoding linear = Random(new Rng(seed));
        float[] decoded = linear.Decode().Array<float>();
        for (int i = 0; i < decoded.Length; i++)
        {
            int code = linear.Bits > 8 ? linear.WideCodes[i] : linear.Codes[i],
                scale = ScaleOf(linear, i);
            int zero = linear.Zeros.IsEmpty ? 0 : linear.Zeros[scale];
            Assert.Equal(scale, linear.Scaling.IndexOf(i));
            Assert.Equal((code - zero) * linear.Scales[scale], decoded[i]);
        }
    }

    [Property(MaxTest = 80)]
    public void Whole_blocks_are_taken_as_they_are_and_parts_of_blocks_as_floats(ulong seed)
    {
        var rng = new Rng(seed);
        LinearEncoding linear = Random(rng);
        var kept = new int[]?[linear.Shape.Rank];
        for (int axis = 0; axis < kept.Length; axis++)
            if (rng.Next(2) == 0)
                kept[axis] =
                    axis == linear.Axis && rng.Next(2) == 0
                        ? [.. Enumerable.Range(0, linear.Shape[axis]).Where(i => i / linear.Block % 2 == 0)]
                        : [.. Enumerable.Range(0, linear.Shape[axis]).Where(_ => rng.Next(3) > 0)];
        Encoding taken = WeightSlices.Take(linear, kept);
        Assert.Equal(
            WeightSlices.Take(new DenseEncoding(linear.Decode()), kept).Decode().Array<float>(),
            taken.Decode().Array<float>()
        );
        if (kept[linear.Axis] is null && taken.Count > 0)
            Assert.Equal(linear.Block, Assert.IsType<LinearEncoding>(taken).Block);
    }

    [Fact]
    public void BlocksStayWhereEveryOtherOneIsTaken()
    {
        var linear = new LinearEncoding(new Shape(5, 1), 4, [1, 2, 3, 4, 5], [1, 10, 100], [1, 2, 3], 0, 2);
        var taken = Assert.IsType<LinearEncoding>(
            WeightSlices.Take(
                linear,
                [
                    [0, 1, 4],
                    null,
                ]
            )
        );
        Assert.Equal([0f, 1, 200], taken.Decode().Array<float>());
        Assert.Equal((2, 2), (taken.Block, taken.Scales.Length));
        Assert.IsType<DenseEncoding>(
            WeightSlices.Take(
                linear,
                [
                    [0, 1, 3],
                    null,
                ]
            )
        );
        Assert.IsType<DenseEncoding>(
            WeightSlices.Take(
                linear,
                [
                    [4, 0, 1],
                    null,
                ]
            )
        );
    }

    [Property(MaxTest = 40)]
    public void Zeros_are_set_to_the_zero_point_of_the_block(ulong seed)
    {
        var rng = new Rng(seed);
        LinearEncoding linear = Random(rng);
        bool[] zero = [.. Enumerable.Range(0, linear.Count).Select(_ => rng.Next(3) == 0)];
        float[] expected = [.. linear.Decode().Array<float>().Select((v, i) => zero[i] ? 0 : v)];
        Assert.Equal(expected, WeightZeros.Set(linear, zero).Decode().Array<float>());
    }

    [Fact]
    public void BlocksThatDoNotFitAreNamed()
    {
        Refused("blocks of 2 along axis -1", () => new LinearEncoding(new Shape(4), 8, new sbyte[4], [1], [], -1, 2));
        Refused("blocks of -1 along axis 0", () => new LinearEncoding(new Shape(4), 8, new sbyte[4], [1], [], 0, -1));
        Refused("3 scales for a weight of shape 4", () =>
            new LinearEncoding(new Shape(4), 8, new sbyte[4], [1, 1, 1], [], 0, 2)
        );
        Refused("1 zero points for 2 scales", () =>
            new LinearEncoding(new Shape(4), 8, new sbyte[4], [1, 1], [1], 0, 2)
        );
        Refused("holds nothing", () => new LinearEncoding(new Shape(0, 4), 8, Array.Empty<sbyte>(), [], [], 1, 2));
    }

    [Fact]
    public void ABlockMayBeLongerThanItsAxis()
    {
        var linear = new LinearEncoding(new Shape(2, 2), 4, [1, 2, 3, 4], [1, 10], [], 1, int.MaxValue);
        Assert.Equal([1f, 2, 30, 40], linear.Decode().Array<float>());
    }

    private static void Refused(string what, Func<LinearEncoding> make) =>
        Assert.Contains(what, Assert.Throws<ModelException>(make).Message);

    /// <summary>The scale of a position, by its coordinates.</summary>
    private static int ScaleOf(LinearEncoding linear, int position)
    {
        int scale = 0;
        for (int axis = 0; axis < linear.Shape.Rank; axis++)
        {
            int place = position / (int)linear.Shape.CountFrom(axis + 1) % linear.Shape[axis];
            bool blocked = axis == linear.Axis;
            int extent = blocked ? (int)Math.Ceiling(linear.Shape[axis] / (double)linear.Block) : linear.Shape[axis];
            scale = scale * extent + (blocked ? place / linear.Block : place);
        }
        return scale;
    }

    /// <summary>A weight of one to four axes in blocks.</summary>
    internal static LinearEncoding Random(Rng rng)
    {
        var shape = new Shape([.. Enumerable.Range(0, 1 + rng.Next(4)).Select(_ => 1 + rng.Next(6))]);
        int axis = rng.Next(shape.Rank),
            block = 1 + rng.Next(7),
            bits = 2 + rng.Next(15),
            half = 1 << (bits - 1),
            groups = (int)shape.Count / shape[axis] * ((shape[axis] + block - 1) / block);
        int[] codes = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => rng.Next(2 * half) - half)],
            zeros = rng.Next(2) == 0 ? [] : [.. Enumerable.Range(0, groups).Select(_ => rng.Next(2 * half) - half)];
        float[] scales = [.. Enumerable.Range(0, groups).Select(_ => (float)rng.NextDouble(0.1, 2))];
        return LinearEncoding.Of(shape, bits, codes, scales, zeros, axis, block);
    }
}
