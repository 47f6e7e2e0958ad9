using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class NetworkFeedTests
{
    private static readonly Preprocessing Half = new() { Scale = 0.5f };

    private static Network Taking(params (string Name, ElementType Type, int[] Shape)[] inputs) =>
        new(
            "fed",
            [.. inputs.Select(i => new ValueInfo(i.Name, new TensorType(i.Type, new Shape(i.Shape))))],
            [new ValueInfo("y", new TensorType(inputs[0].Type, new Shape(inputs[0].Shape)))],
            [new Node("identity", new Identity(Attributes.None), [inputs[0].Name], ["y"])],
            new WeightSet([])
        );

    private static ArraySource Source(params (string Name, Tensor Array)[] arrays) =>
        new("set", [.. arrays.Select(a => KeyValuePair.Create(a.Name, a.Array))]);

    [Fact]
    public void Inputs_are_matched_by_name_whatever_their_order()
    {
        Network network = Taking(("a", ElementType.Float32, [-1, 2]), ("b", ElementType.Int64, [-1]));
        NetworkFeed feed = NetworkFeed.Of(
            network,
            Source(("b", Tensor.Vector(7, 8)), ("a", Tensor.Of(new Shape(2, 2), new[] { 1.0, 2, 3, 4 }))),
            Half
        );
        FedBatch batch = feed.Batches(10).Single();
        Assert.Equal([1f, 2, 3, 4], batch.Inputs[0].Array<float>());
        Assert.Equal([7L, 8], batch.Inputs[1].Array<long>());
        Assert.False(feed.HasImages);
    }

    [Fact]
    public void The_only_input_takes_the_only_array()
    {
        NetworkFeed feed = NetworkFeed.Of(
            Taking(("input", ElementType.Float32, [-1, 2])),
            Source(("x", Tensor.Of(new Shape(1, 2), new[] { 1f, 2 }))),
            Half
        );
        Assert.Equal([1f, 2], feed.Read([0]).Inputs[0].Array<float>());
    }

    [Fact]
    public void Bytes_are_pixels_to_an_input_of_floats_only()
    {
        ArraySource bytes = Source(("x", Tensor.Of(new Shape(1, 1, 1, 2), new byte[] { 10, 20 })));
        NetworkFeed floats = NetworkFeed.Of(Taking(("x", ElementType.Float32, [-1, 2])), bytes, Half);
        Assert.True(floats.HasImages);
        Assert.Equal([5f, 10], floats.Read([0]).Inputs[0].Array<float>());
        NetworkFeed same = NetworkFeed.Of(Taking(("x", ElementType.UInt8, [-1, 1, 1, 2])), bytes, Half);
        Assert.Equal([(byte)10, 20], same.Read([0]).Inputs[0].Array<byte>());
    }

    [Fact]
    public void A_fixed_batch_is_filled_up()
    {
        NetworkFeed feed = NetworkFeed.Of(
            Taking(("x", ElementType.Float32, [2, 1])),
            Source(("x", Tensor.Of(new Shape(3, 1), new[] { 1f, 2, 3 }))),
            Half
        );
        FedBatch[] batches = [.. feed.Batches(100)];
        Assert.Equal([2, 1], batches.Select(b => b.Count));
        Assert.Equal([3f, 0], batches[1].Inputs[0].Array<float>());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_spent_batch_is_written_again_with_the_same_result(int rows)
    {
        NetworkFeed feed = NetworkFeed.Of(Taking(("x", ElementType.Float32, [rows, 784])), Digits.Make(20), Half);
        FedBatch? spent = null;
        foreach (int[] indices in new int[][] { [1, 2, 3, 4], [7, 5, 0, 9], [12], [3, 19] })
        {
            FedBatch fresh = feed.Read(indices),
                again = feed.Read(indices, spent);
            Assert.Equal(fresh.Inputs[0].Array<float>(), again.Inputs[0].Array<float>());
            Assert.Equal(fresh.Targets[0].Array<long>(), again.Targets[0].Array<long>());
            if (rows > 0 && spent is not null)
                Assert.Same(spent.Inputs[0], again.Inputs[0]);
            spent = again;
        }
    }

    [Fact]
    public void Images_are_fed_as_training_feeds_them()
    {
        LabelledImages images = Digits.Make(23);
        var batches = new BatchSource(images, Half, new BatchOptions { Size = 23, Shuffle = false });
        var expected = new float[23 * 28 * 28];
        batches.Fill(0, expected, new long[23]);
        NetworkFeed feed = NetworkFeed.Of(Taking(("x", ElementType.Float32, [-1, 784])), images, Half);
        FedBatch batch = feed.Batches(50).Single();
        Assert.Equal(expected, batch.Inputs[0].Array<float>());
        Assert.Equal(images.Labels.Select(l => (long)l), batch.Targets[0].Array<long>());
        NetworkFeed matrices = NetworkFeed.Of(Taking(("x", ElementType.Float32, [-1, 28, 28])), images, Half);
        Assert.Equal(new Shape(1, 28, 28), matrices.Read([0]).Inputs[0].Shape);
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float16)]
    public void Channels_lie_where_the_input_has_them(ElementType type)
    {
        var images = new LabelledImages(
            "set",
            Tensor.Of(new Shape(1, 3, 2, 1), new byte[] { 2, 4, 6, 8, 10, 12 }),
            [0],
            1
        );
        FedBatch last = NetworkFeed.Of(Taking(("x", type, [1, 2, 1, 3])), images, Half).Read([0]),
            first = NetworkFeed.Of(Taking(("x", type, [1, 3, 2, 1])), images, Half).Read([0]);
        Assert.Equal([1d, 3, 5, 2, 4, 6], Doubles(last.Inputs[0]));
        Assert.Equal([1d, 2, 3, 4, 5, 6], Doubles(first.Inputs[0]));

        static double[] Doubles(Tensor x) =>
            x.Type == ElementType.Float16
                ? Array.ConvertAll(x.Array<System.Half>(), v => (double)v)
                : Array.ConvertAll(x.Array<float>(), v => (double)v);
    }

    [Fact]
    public void An_input_without_an_axis_for_examples_takes_one_at_a_time()
    {
        Network network = Taking(("a", ElementType.Float32, [1, 2]), ("state", ElementType.Float32, [2, -1, 1]));
        ArraySource source = Source(
            ("a", Tensor.Of(new Shape(2, 2), new[] { 1f, 2, 3, 4 })),
            ("state", Tensor.Of(new Shape(2, 2, 1, 1), new[] { 5f, 6, 7, 8 }))
        );
        NetworkFeed feed = NetworkFeed.Of(network, source, Half);
        Assert.Equal(1, feed.FixedBatch);
        FedBatch second = feed.Batches(10).Last();
        Assert.True(second.IsWhole);
        Assert.Equal(new Shape(2, 1, 1), second.Inputs[1].Shape);
        Assert.Equal([7f, 8], second.Inputs[1].Array<float>());
        Assert.Contains(
            "takes an example of data set 'set' at a time, and others 2",
            Refusal(Taking(("a", ElementType.Float32, [2, 2]), ("state", ElementType.Float32, [2, -1, 1])), source)
        );
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Network two = Taking(("a", ElementType.Float32, [-1, 2]), ("b", ElementType.Int64, [-1]));
        ArraySource one = Source(("a", Tensor.Of(new Shape(1, 2), new[] { 1f, 2 })));
        Assert.Equal(
            "data set 'set' has no array for input 'b'; it has a, and the network takes a, b",
            Refusal(two, one)
        );
        Assert.Contains("'a' Float32 2", Refusal(Taking(("x", ElementType.Float32, [-1, 3])), one));
        Assert.Contains("'a' Float32 2", Refusal(Taking(("x", ElementType.Int64, [-1, 2])), one));
        Assert.Contains(
            "images of 1×28×28; input 'x' takes",
            Refusal(Taking(("x", ElementType.Float32, [-1, 5])), Digits.Make(1))
        );
    }

    private static string Refusal(Network network, IDataSource data) =>
        Assert.Throws<DataException>(() => NetworkFeed.Of(network, data, Half)).Message;
}
