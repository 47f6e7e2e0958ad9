using System.Security.Cryptography;
using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class DigitsTests
{
    [Theory]
    [InlineData(DatasetPart.Train, "468a8a2a2e8f9be8")]
    [InlineData(DatasetPart.Test, "615231d1ea5241a0")]
    public void A_seed_gives_the_same_bytes_on_every_machine(DatasetPart part, string hash) =>
        Assert.Equal(
            hash,
            Convert.ToHexStringLower(SHA256.HashData(Digits.Make(1000, 1, part).Images.Array<byte>()))[..16]
        );

    [Fact]
    public void Classes_are_balanced_and_images_differ_from_seed_to_seed_and_part_to_part()
    {
        LabelledImages train = Digits.Make(1000, 1),
            other = Digits.Make(1000, 2),
            test = Digits.Make(1000, 1, DatasetPart.Test);
        Assert.All(Enumerable.Range(0, 10), c => Assert.Equal(100, train.Labels.Count(l => l == c)));
        Assert.NotEqual(train.Images.Array<byte>(), other.Images.Array<byte>());
        Assert.NotEqual(train.Images.Array<byte>(), test.Images.Array<byte>());
        Assert.Equal(1000, train.Images.Array<byte>().Chunk(784).Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public void A_smaller_set_is_the_beginning_of_a_larger_one()
    {
        LabelledImages small = Digits.Make(37, 5),
            large = Digits.Make(600, 5);
        Assert.Equal(large.Labels.Take(37), small.Labels.AsEnumerable());
        Assert.Equal(large.Images.Array<byte>().Take(37 * 784), small.Images.Array<byte>());
    }

    [Fact]
    public void Digits_are_ink_in_the_middle_on_a_dark_page()
    {
        byte[] pixels = Digits.Make(500, 3).Images.Array<byte>();
        foreach (byte[] image in pixels.Chunk(784))
        {
            Assert.InRange(image.Count(p => p > 100), 15, 350);
            Assert.True(image.Where((_, i) => i / 28 is > 3 and < 24 && i % 28 is > 3 and < 24).Max(p => p) > 150);
            Assert.True(image[0] < 30 && image[27] < 30 && image[756] < 30 && image[783] < 30);
        }
    }

    [Fact]
    public void Nearest_class_means_tell_most_digits_apart()
    {
        LabelledImages train = Digits.Make(2000, 1),
            test = Digits.Make(1000, 1, DatasetPart.Test);
        var means = new double[10, 784];
        for (int i = 0; i < train.Count; i++)
        for (int p = 0; p < 784; p++)
            means[train.Labels[i], p] += train.Images.Array<byte>()[i * 784 + p] / 200.0;
        int right = Enumerable
            .Range(0, test.Count)
            .Count(i => Nearest(means, test.Images.Array<byte>().AsSpan(i * 784, 784)) == test.Labels[i]);
        Assert.InRange(right, 550, 950);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3_000_000)]
    public void Odd_counts_are_refused(int count) => Assert.Throws<DataException>(() => Digits.Make(count));

    private static int Nearest(double[,] means, ReadOnlySpan<byte> image)
    {
        var distance = new double[10];
        for (int c = 0; c < 10; c++)
        for (int p = 0; p < 784; p++)
            distance[c] += (means[c, p] - image[p]) * (means[c, p] - image[p]);
        return Array.IndexOf(distance, distance.Min());
    }
}
