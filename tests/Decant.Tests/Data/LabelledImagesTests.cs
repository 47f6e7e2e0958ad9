using Decant.Core;
using Decant.Data;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void A_label_out_of_range_is_named_with_its_image()
    {
        var e = Assert.Throws<DataException>(() => Make([0, 1, 7, -1], classes: 5));
        Assert.Equal("data set 'set': image 2 has label 7, which is outside 0..4", e.Message);
        Assert.Throws<DataException>(() => Make([0, -1], classes: 5));
    }

    [Fact]
    public void Counts_types_and_ranks_are_checked()
    {
        Tensor images = Tensor.Zeros(ElementType.UInt8, new Shape(3, 4));
        Assert.Contains(
            "3 images but 2 labels",
            Assert.Throws<DataException>(() => new LabelledImages("s", images, [0, 1], 2)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<DataException>(() =>
            new LabelledImages("s", Tensor.Zeros(ElementType.Int64, new Shape(2, 4)), [0, 1], 2)
        );
        Assert.Throws<DataException>(() =>
            new LabelledImages("s", Tensor.Zeros(ElementType.UInt8, new Shape(2, 4, 4)), [0, 1], 2)
        );
        Assert.Throws<DataException>(() =>
            new LabelledImages("s", Tensor.Zeros(ElementType.UInt8, new Shape(2, 0)), [0, 1], 2)
        );
        Assert.Throws<DataException>(() =>
            new LabelledImages("s", Tensor.Zeros(ElementType.UInt8, new Shape(0, 4)), [], 0)
        );
    }

    [Fact]
    public void Take_copies_images_with_their_labels_in_the_order_asked()
    {
        LabelledImages taken = Make([3, 1, 4, 1], classes: 5).Take([2, 0, 2]);
        Assert.Equal([4, 3, 4], taken.Labels.ToArray());
        Assert.Equal([2, 12, 0, 10, 2, 12], taken.Images.Array<byte>());
        Assert.Throws<DataException>(() => taken.Take([3]));
        Assert.Throws<DataException>(() => taken.Take([-1]));
    }

    [Property(MaxTest = 50)]
    public bool A_split_is_a_partition_that_keeps_each_class_share(byte[] classOf, ushort part, ulong seed)
    {
        int[] labels = [.. classOf.Select(c => c % 4)];
        LabelledImages all = Make(labels, classes: 4);
        int holdOut = part % (labels.Length + 1);
        var (train, held) = all.Split(holdOut, seed);
        byte[] marks = [.. Marks(train), .. Marks(held)];
        bool shares = Enumerable
            .Range(0, 4)
            .All(c =>
                Math.Abs(
                    held.Labels.Count(l => l == c)
                        - (double)labels.Count(l => l == c) * holdOut / Math.Max(1, labels.Length)
                ) < 1
            );
        return held.Count == holdOut
            && shares
            && marks.Order().SequenceEqual(Marks(all).Order())
            && Marks(train).SequenceEqual(Marks(train).Order());
    }

    [Fact]
    public void A_split_depends_on_the_seed_alone()
    {
        LabelledImages all = Make([.. Enumerable.Range(0, 100).Select(i => i % 4)], classes: 4);
        byte[] Held(ulong seed) => Marks(all.Split(20, seed).HeldOut);
        Assert.Equal(Held(1), Held(1));
        Assert.NotEqual(Held(1), Held(2));
        Assert.Throws<DataException>(() => all.Split(101, 1));
        Assert.Throws<DataException>(() => all.Split(-1, 1));
    }

    [Fact]
    public void Float_images_are_taken_too()
    {
        var set = new LabelledImages("s", Tensor.Of(new Shape(2, 1, 1, 2), new[] { 1f, 2, 3, 4 }), [0, 1], 2);
        Assert.Equal([3f, 4f], set.Take([1]).Images.Array<float>());
        Assert.Equal(new Shape(1, 1, 2), set.ImageShape);
        Assert.Same(set, set.First(9));
        Assert.Equal(1, set.First(1).Count);
    }

    // Each image says its own index, and its index + 10.
    private static LabelledImages Make(int[] labels, int classes) =>
        new(
            "set",
            Tensor.Of(
                new Shape(labels.Length, 2),
                labels.SelectMany((_, i) => new[] { (byte)i, (byte)(i + 10) }).ToArray()
            ),
            labels,
            classes
        );

    private static byte[] Marks(LabelledImages set) => [.. set.Images.Array<byte>().Where((_, i) => i % 2 == 0)];
}
