using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class BatchSourceTests
{
    private static readonly LabelledImages Ten = Digits.Make(10, 4);

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 2)]
    public void An_epoch_holds_each_image_once_or_drops_the_rest(bool drop, int batches)
    {
        var source = new BatchSource(
            Ten,
            Preprocessing.None,
            new BatchOptions
            {
                Size = 4,
                Seed = 3,
                DropLast = drop,
            }
        );
        float[] images = new float[4 * 784];
        long[] labels = new long[4];
        var seen = new List<int>();
        Assert.Equal(batches, source.Batches);
        for (int b = 0; b < source.Batches; b++)
        {
            int n = source.Fill(b, images, labels);
            Assert.Equal(n, source.CountOf(b));
            for (int i = 0; i < n; i++)
            {
                int index = Enumerable
                    .Range(0, 10)
                    .Single(k => Pixels(Ten, k).SequenceEqual(images.Skip(i * 784).Take(784)));
                Assert.Equal(Ten.Labels[index], labels[i]);
                Assert.Equal(source.Order[b * 4 + i], index);
                seen.Add(index);
            }
        }
        Assert.Equal(drop ? 8 : 10, seen.Distinct().Count());
        Assert.Equal(drop ? 8 : 10, seen.Count);
    }

    [Fact]
    public void Order_depends_on_seed_and_epoch_alone()
    {
        var source = new BatchSource(Ten, Preprocessing.None, new BatchOptions { Seed = 3 });
        int[] Order(int epoch)
        {
            source.BeginEpoch(epoch);
            return source.Order.ToArray();
        }
        int[] first = Order(0),
            second = Order(1);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Order(0));
        Assert.NotEqual(first, new BatchSource(Ten, Preprocessing.None, new BatchOptions { Seed = 4 }).Order.ToArray());
        Assert.Equal(
            Enumerable.Range(0, 10),
            new BatchSource(Ten, Preprocessing.None, new BatchOptions { Shuffle = false }).Order.ToArray()
        );
    }

    [Fact]
    public void A_batch_read_alone_is_the_batch_read_in_turn()
    {
        var options = new BatchOptions
        {
            Size = 3,
            Seed = 9,
            Augmentation = new()
            {
                Shift = 2,
                Rotate = 10,
                Scale = 0.1,
                Elastic = new(8, 4),
            },
        };
        var inTurn = new BatchSource(Ten, Preprocessing.None, options);
        var alone = new BatchSource(Ten, Preprocessing.None, options);
        float[] a = new float[3 * 784],
            b = new float[3 * 784];
        long[] labels = new long[3];
        inTurn.BeginEpoch(5);
        for (int i = 0; i < 3; i++)
            inTurn.Fill(i, a, labels);
        alone.BeginEpoch(5);
        alone.Fill(2, b, labels);
        Assert.Equal(a, b);
    }

    [Fact]
    public void Float_images_come_out_as_byte_images_do()
    {
        var floats = new LabelledImages(
            "f",
            Tensor.Of(Ten.Images.Shape, Array.ConvertAll(Ten.Images.Array<byte>(), p => (float)p)),
            Ten.Labels.AsSpan(),
            10
        );
        foreach (
            Augmentation augmentation in new[]
            {
                Augmentation.None,
                new() { Shift = 3, Flip = true },
                new() { Rotate = 20, Flip = true },
            }
        )
            Assert.Equal(All(Ten, augmentation), All(floats, augmentation));
    }

    [Fact]
    public void Batches_allocate_nothing()
    {
        foreach (
            Augmentation augmentation in new[]
            {
                Augmentation.None,
                new() { Shift = 2, Flip = true },
                new() { Rotate = 10, Elastic = new(8, 4) },
            }
        )
        {
            var source = new BatchSource(
                Ten,
                Preprocessing.None,
                new BatchOptions { Size = 10, Augmentation = augmentation }
            );
            float[] images = new float[7840];
            long[] labels = new long[10];
            source.Fill(0, images, labels);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
                source.Fill(0, images, labels);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Bad_options_and_cancellation_end_it()
    {
        Assert.Throws<DataException>(() => new BatchSource(Ten, Preprocessing.None, new BatchOptions { Size = 0 }));
        Assert.Throws<DataException>(() =>
            new BatchSource(Ten, Preprocessing.None, new BatchOptions { Size = 11, DropLast = true })
        );
        Assert.Throws<DataException>(() => new BatchSource(Ten, Preprocessing.Parse("mean=1,2,3"), new BatchOptions()));
        var source = new BatchSource(Ten, Preprocessing.None, new BatchOptions());
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Fill(1, new float[7840], new long[10]));
        Assert.Throws<OperationCanceledException>(() =>
            source.Fill(0, new float[7840], new long[10], new CancellationToken(canceled: true))
        );
    }

    private static IEnumerable<float> Pixels(LabelledImages set, int image) =>
        set.Images.Array<byte>().Skip(image * 784).Take(784).Select(p => (float)p);

    private static float[] All(LabelledImages set, Augmentation augmentation)
    {
        var images = new float[set.Count * set.ImageSize];
        new BatchSource(
            set,
            Preprocessing.Parse("scale=1/255;mean=0.1;std=0.3"),
            new BatchOptions { Size = set.Count, Augmentation = augmentation }
        ).Fill(0, images, new long[set.Count]);
        return images;
    }
}
