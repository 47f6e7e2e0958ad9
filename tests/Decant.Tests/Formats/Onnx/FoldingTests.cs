using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class FoldingTests
{
    [Fact]
    public void Flattening_by_the_batch_read_from_Shape_becomes_a_constant_Reshape()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 3, 4, 4)
            .Output("y", "N", 48)
            .Weight("zero", Tensor.Scalar(0L))
            .Ints("axes", 0)
            .Ints("rest", -1)
            .Node("Relu", "x", "r")
            .Node("Shape", "r", "s")
            .Node("Gather", "s zero", "n")
            .Node("Unsqueeze", "n axes", "u")
            .Node("Concat", "u rest", "t", ("axis", 0L))
            .Node("Reshape", "r t", "y")
            .Read();
        Assert.Equal(["Relu", "Reshape"], Types(network));
        Assert.Equal([0L, -1], Target(network, "y"));
        Assert.Single(network.Weights);
        Assert.Equal(new Shape(7, 48), NetworkShapes.Of(network, 7)["y"]!.Shape);
    }

    [Fact]
    public void Two_symbols_are_kept_apart()
    {
        Network network = Heads(["N", "T", 12], [0, 1]);
        Assert.Equal([0L, 0, 3, 4], Target(network, "y"));
    }

    [Fact]
    public void Symbols_in_exchanged_order_are_read_when_the_network_runs()
    {
        Network network = Attention(["N", "T", 12], [1, 0]);
        Assert.Equal(["Shape", "Gather", "Gather", "Concat", "Reshape"], Types(network));
        using var executor = new ReferenceExecutor(network);
        Assert.Equal(
            new Shape(5, 2, 3, 4),
            executor.Run([Tensor.Zeros(ElementType.Float32, new Shape(2, 5, 12))])[0].Shape
        );
    }

    [Fact]
    public void The_same_symbol_twice_is_one()
    {
        Assert.Equal([0L, 0, 3, 4], Target(Heads(["N", "N", 12], [1, 0]), "y"));
    }

    [Fact]
    public void A_product_with_the_batch_becomes_the_free_extent()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 5, 6)
            .Output("y", "M", 6)
            .Ints("five", 5)
            .Ints("six", 6)
            .Ints("first", 0)
            .Node("Shape", "x", "s")
            .Node("Gather", "s first", "n")
            .Node("Mul", "n five", "m")
            .Node("Concat", "m six", "t", ("axis", 0L))
            .Node("Reshape", "x t", "y")
            .Read();
        Assert.Equal([-1L, 6], Target(network, "y"));
    }

    [Fact]
    public void A_free_extent_beside_an_open_one_is_computed()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 5, 6)
            .Output("y", "M", 3)
            .Ints("ten", 10)
            .Ints("free", -1)
            .Ints("first", 0)
            .Node("Shape", "x", "s")
            .Node("Gather", "s first", "n")
            .Node("Mul", "n ten", "m")
            .Node("Concat", "m free", "t", ("axis", 0L))
            .Node("Reshape", "x t", "y")
            .Read();
        Assert.Equal([-1L, 3], Target(network, "y"));
    }

    [Fact]
    public void Padding_as_PyTorch_exports_it_becomes_constant()
    {
        // pad(x, (1, 2, 3, 4)): last axis first, each before and after.
        Network network = new OnnxModelBuilder(13)
            .Input("x", "N", 2, 8, 8)
            .Output("y", "N", 2, 15, 11)
            .Ints("pairs", 1, 2, 3, 4)
            .Weight("zero", Tensor.Scalar(0L))
            .Weight("rank", Tensor.Scalar(4L))
            .Weight("two", Tensor.Scalar(2L))
            .Ints("rows", -1, 2)
            .Ints("flat", -1)
            .Ints("from", -1)
            .Ints("to", -long.MaxValue)
            .Ints("axis", 0)
            .Ints("step", -1)
            .Node("Shape", "pairs", "ps")
            .Node("Gather", "ps zero", "given")
            .Node("Mul", "rank two", "all")
            .Node("Sub", "all given", "missing")
            .Node("Unsqueeze", "missing axis", "missing1")
            .Node("ConstantOfShape", "missing1", "zeros", ("value", Tensor.Vector(0L)))
            .Node("Concat", "pairs zeros", "full", ("axis", 0L))
            .Node("Reshape", "full rows", "m")
            .Node("Slice", "m from to axis step", "reversed")
            .Node("Transpose", "reversed", "tr", ("perm", Perm(1, 0)))
            .Node("Reshape", "tr flat", "row")
            .Node("Cast", "row", "pads", ("to", 7L))
            .Node("Pad", "x pads", "y")
            .Read();
        Assert.Equal(["Pad"], Types(network));
        Assert.Equal([0L, 0, 3, 1, 0, 0, 4, 2], Target(network, "y"));
    }

    [Fact]
    public void The_target_of_an_expansion_that_replaces_minus_one_folds()
    {
        // where(target == -1, ones, target), as torch.expand is exported.
        Network network = new OnnxModelBuilder()
            .Output("y", ElementType.Int64, 3)
            .Ints("wanted", 2, -1, 4)
            .Ints("three", 3)
            .Ints("minus", -1)
            .Node("ConstantOfShape", "three", "ones", ("value", Tensor.Vector(1L)))
            .Node("Mul", "ones minus", "minuses")
            .Node("Equal", "wanted minuses", "open")
            .Node("Where", "open ones wanted", "y")
            .Read();
        Assert.Equal([2L, 1, 4], network.Weights["y"].Encoding.Decode().Array<long>());
        Assert.Empty(network.Nodes);
    }

    [Fact]
    public void The_scale_of_attention_read_from_a_shape_folds_to_a_float()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 16)
            .Output("y", "N", 16)
            .Ints("last", -1)
            .Node("Shape", "x", "s")
            .Node("Gather", "s last", "d")
            .Node("Cast", "d", "f", ("to", 1L))
            .Node("Sqrt", "f", "scale")
            .Node("Div", "x scale", "y")
            .Read();
        Assert.Equal(["Div"], Types(network));
        Assert.Equal([4f], network.Weights["scale"].Encoding.Decode().Array<float>());
    }

    [Fact]
    public void A_slice_up_to_the_batch_is_one_up_to_the_end()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 6)
            .Output("y", "N", 6)
            .Ints("zero", 0)
            .Node("Shape", "x", "s")
            .Node("Slice", "s zero one", "n")
            .Node("Slice", "x zero n", "y")
            .Ints("one", 1)
            .Read();
        Assert.Equal(["Slice"], Types(network));
        Assert.Equal([long.MaxValue], network.Weights[network.Nodes[0].Inputs[2]].Encoding.Decode().Array<long>());
    }

    [Fact]
    public void What_depends_on_the_batch_otherwise_is_computed_when_the_network_runs()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 2)
            .Output("y", "N", 2)
            .Node("Shape", "x", "s")
            .Node("Reshape", "x s", "v")
            .Node("Cast", "s", "f", ("to", 1L))
            .Node("Mul", "v f", "y")
            .Read();
        using var executor = new ReferenceExecutor(network);
        Assert.Equal(
            [3, 4, 9, 8, 15, 12],
            executor.Run([Tensor.Of(new Shape(3, 2), new float[] { 1, 2, 3, 4, 5, 6 })])[0].Array<float>()
        );
    }

    [Fact]
    public void What_cannot_be_folded_and_has_no_operator_is_refused_by_name()
    {
        ModelException e = Assert.Throws<ModelException>(() =>
            new OnnxModelBuilder()
                .Input("x", "N", 2)
                .Output("y", "N", 2)
                .Node("Shape", "x", "s")
                .Node("Frobnicate", "s", "f")
                .Node("Reshape", "x f", "y")
                .Read()
        );
        Assert.Contains("node 'n_f' (Frobnicate)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_five_of_a_batch_are_not_taken_for_five()
    {
        OnnxModelBuilder first = new OnnxModelBuilder()
            .Input("x", "N", 6)
            .Output("y", "M", 6)
            .Ints("zero", 0)
            .Ints("five", 5)
            .Node("Slice", "x zero five", "f")
            .Node("Shape", "f", "s")
            .Node("Reshape", "x s", "y");
        Assert.Equal([-1L, 6], Target(first.Read(), "y"));
    }

    [Fact]
    public void Windows_over_open_extents_leave_the_batch_known()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 2, "H", "W")
            .Output("y", "N", 2, "K")
            .Weight("w", Tensor.Zeros(ElementType.Float32, new Shape(2, 2, 7, 7)))
            .Ints("zero", 0)
            .Ints("rest", 2, -1)
            .Node("Conv", "x w", "c")
            .Node("Shape", "c", "s")
            .Node("Gather", "s zero", "n")
            .Node("Concat", "n rest", "t", ("axis", 0L))
            .Node("Reshape", "c t", "y")
            .Read();
        Assert.Equal([0L, 2, -1], Target(network, "y"));
    }

    [Fact]
    public void A_known_shape_is_a_constant()
    {
        Network network = new OnnxModelBuilder(15)
            .Input("x", 2, 3, 4)
            .Output("y", ElementType.Int64, 2)
            .Output("z", ElementType.Int64)
            .Node("Shape", "x", "y", ("start", 1L), ("end", -1L + 4))
            .Node("Size", "x", "z")
            .Read();
        Assert.Equal([3L, 4], network.Weights["y"].Encoding.Decode().Array<long>());
        Assert.Equal([24L], network.Weights["z"].Encoding.Decode().Array<long>());
    }

    [Theory]
    [InlineData(0, 10, 3, "0 3 6 9")]
    [InlineData(10, 0, -4, "10 6 2")]
    [InlineData(0, 0, 1, "")]
    [InlineData(5, 0, 1, "")]
    [InlineData(0, 9, 3, "0 3 6")]
    public void Range_counts_to_its_limit(long start, long limit, long delta, string expected)
    {
        Network network = new OnnxModelBuilder()
            .Output("y", ElementType.Int64, "K")
            .Weight("a", Tensor.Scalar(start))
            .Weight("b", Tensor.Scalar(limit))
            .Weight("c", Tensor.Scalar(delta))
            .Node("Range", "a b c", "y")
            .Read();
        Assert.Equal(expected, string.Join(' ', network.Weights["y"].Encoding.Decode().Array<long>()));
    }

    [Fact]
    public void A_small_file_cannot_make_folding_work_without_end()
    {
        var builder = new OnnxModelBuilder().Input("x", "N", 6).Output("y", "N", 6).Ints("n", 60_000);
        for (int i = 0; i < 50; i++)
            builder.Node("ConstantOfShape", "n", $"c{i}");
        for (int i = 0; i < 50; i++)
            builder.Node("Neg", $"c{i}", $"d{i}");
        byte[] file = builder.Node("Relu", "x", "y").Build();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Network network = Decant.Formats.Onnx.OnnxReader.Read(new MemoryStream(file));
        Assert.Equal(["Relu"], Types(network));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000_000);
    }

    [Fact]
    public void A_large_constant_gets_its_new_shape_without_a_node()
    {
        Network network = new OnnxModelBuilder(9)
            .Input("x", "N", 300)
            .Output("y", "N", 300)
            .Weight("w", Tensor.Zeros(ElementType.Float32, new Shape(300, 300)))
            .Ints("t", 1, 300, -1)
            .Node("Reshape", "w t", "a")
            .Node("Squeeze", "a", "b", ("axes", Perm(0)))
            .Node("MatMul", "x b", "y")
            .Read();
        Assert.Equal(["MatMul"], Types(network));
        Assert.Equal("b", network.Weights.Single().Name);
    }

    [Fact]
    public void Nodes_of_one_name_get_weights_of_names_of_their_own()
    {
        var builder = new OnnxModelBuilder(9).Input("x0", "N", 300).Output("x2000", "N", 300);
        for (int i = 0; i < 2_000; i++)
            builder.Named(
                "same",
                "Slice",
                $"x{i}",
                $"x{i + 1}",
                ("starts", Perm(0)),
                ("ends", Perm(300)),
                ("axes", Perm(1))
            );
        Assert.Equal(6_000, builder.Read().Weights.Select(w => w.Name).Distinct().Count());
    }

    private static Network Heads(object[] dims, int[] from)
    {
        Network network = Attention(dims, from);
        Assert.Equal(["Reshape"], Types(network));
        return network;
    }

    private static Network Attention(object[] dims, int[] from) =>
        new OnnxModelBuilder()
            .Input("x", dims)
            .Output("y", "A", "B", 3, 4)
            .Ints("i0", from[0])
            .Ints("i1", from[1])
            .Ints("heads", 3, 4)
            .Node("Shape", "x", "s")
            .Node("Gather", "s i0", "d0")
            .Node("Gather", "s i1", "d1")
            .Node("Concat", "d0 d1 heads", "t", ("axis", 0L))
            .Node("Reshape", "x t", "y")
            .Read();

    private static ImmutableArray<long> Perm(params long[] axes) => [.. axes];

    private static IEnumerable<string> Types(Network network) => network.Nodes.Select(n => n.Operator.Type);

    private static long[] Target(Network network, string output) =>
        network.Weights[network.Nodes.Single(n => n.Outputs[0] == output).Inputs[1]].Encoding.Decode().Array<long>();
}
