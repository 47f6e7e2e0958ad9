using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Wire;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class ImportTests
{
    [Fact]
    public void Nodes_that_do_nothing_are_gone_and_outputs_keep_their_names()
    {
        Network network = new OnnxModelBuilder(10)
            .Input("x", "N", 4)
            .Output("y", "N", 4)
            .Output("z", "N", 4)
            .Node("Identity", "x", "i")
            .Node("Relu", "i", "r")
            .Node("Dropout", "r", "d mask")
            .Node("Identity", "d", "y")
            .Node("Cast", "y", "c", ("to", 1L))
            .Node("Sigmoid", "c", "z")
            .Read();
        Assert.Equal(["node 'n_r' (Relu)", "node 'n_z' (Sigmoid)"], network.Nodes.Select(n => n.ToString()));
        Assert.Equal(["x", "y", "y", "z"], network.Nodes.SelectMany(n => n.Inputs.Concat(n.Outputs)));
    }

    [Fact]
    public void Nodes_get_names_of_their_own()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 4)
            .Output("y", "N", 4)
            .Output("z", "N", 4)
            .Named("same", "Relu", "x", "r")
            .Named("same", "Sigmoid", "r", "y")
            .Named("same.2", "Tanh", "r", "z")
            .Read();
        Assert.Equal(["same", "same.2", "same.2.2"], network.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Constants_of_each_kind_are_weights()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 2)
            .Output("y", "N", 2)
            .Node("Constant", "", "a", ("value_floats", System.Collections.Immutable.ImmutableArray.Create(1f, 2f)))
            .Node("Constant", "", "b", ("value_float", 3f))
            .Node("Constant", "", "c", ("value", Tensor.Vector(5f)))
            .Node("Constant", "", "unused", ("value_int", 3L))
            .Node("Add", "x a", "s")
            .Node("Mul", "s b", "t")
            .Node("Sub", "t c", "y")
            .Read();
        Assert.Equal(["a", "b", "c"], network.Weights.Select(w => w.Name));
        Assert.Equal([1f, 2f], network.Weights["a"].Encoding.Decode().Array<float>());
        Assert.Equal(Shape.Scalar, network.Weights["b"].Encoding.Shape);
    }

    [Fact]
    public void Initializers_that_are_inputs_too_are_weights()
    {
        Network network = new OnnxModelBuilder(8)
            .Input("x", "N", 2)
            .Input("w", 2)
            .Output("y", "N", 2)
            .Weight("w", Tensor.Vector(1f, 2))
            .Weight("dead", Tensor.Vector(1f))
            .Node("Add", "x w", "y")
            .Read();
        Assert.Equal(["x"], network.Inputs.Select(i => i.Name));
        Assert.Equal(["w"], network.Weights.Select(w => w.Name));
    }

    [Fact]
    public void A_node_without_a_name_takes_that_of_its_output()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 2)
            .Output("y", "N", 2)
            .Named("", "Relu", "x", "y")
            .Read();
        Assert.Equal("y", network.Nodes[0].Name);
    }

    [Fact]
    public void Dead_nodes_are_dropped_whatever_they_are()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 2)
            .Output("y", "N", 2)
            .Node("Frobnicate", "x", "z")
            .Node("Relu", "x", "y")
            .Read();
        Assert.Single(network.Nodes);
    }

    [Fact]
    public void Metadata_and_the_name_are_kept()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", "N", 2)
            .Output("y", "N", 2)
            .Node("Relu", "x", "y")
            .ModelField(14, new WireWriter().Text(1, "key").Text(2, "välue"))
            .Read();
        Assert.Equal("välue", network.Metadata["key"]);
        Assert.Equal("g", network.Name);
    }

    [Fact]
    public void What_is_not_supported_is_refused_by_name()
    {
        Refused("node 'n_y' (Frobnicate): operator 'Frobnicate' is not supported", b => b.Node("Frobnicate", "x", "y"));
        Refused("node 'y' (If): attribute 'else_branch' is missing", b =>
            b.Odd("If", "x", "y", n =>
                n.Message(5, new WireWriter().Text(1, "then_branch").Message(6, new WireWriter()))
            )
        );
        Refused("node 'y' (Foo): operator 'Foo' of domain 'com.acme'", b =>
            b.Odd("Foo", "x", "y", n => n.Text(7, "com.acme"))
        );
        Refused("sparse initializer", b => b.Node("Relu", "x", "y").GraphField(15, new WireWriter()));
        Refused("tensor 's' holds strings", b =>
            b.Node("Relu", "x", "y").GraphField(5, new WireWriter().Int64(1, 1).Int64(2, 8).Text(8, "s").Text(6, "a"))
        );
        Refused("opset 28", b => b.Node("Relu", "x", "y"), 28);
        Refused("opset 0", b => b.Node("Relu", "x", "y"), 0);
        Refused("node 'n_y' (Relu): reads 'q'", b => b.Node("Relu", "q", "y"));
        Refused("makes 'y', which is made already", b => b.Node("Relu", "x", "y").Node("Tanh", "x", "y"));
        Refused("output 'y' is made by no node", b => b.Node("Relu", "x", "q"));
        Refused("attribute 'alpha' is not known", b => b.Node("Relu", "x", "y", ("alpha", 1f)));
        Refused("node 'n_y' (Gemm)", b => b.Node("Gemm", "x x", "y"));
        Refused("initializer 'w' is given twice", b => b.Ints("w", 1).Ints("w", 2).Node("Relu", "x", "y"));
    }

    [Theory]
    [InlineData(22)]
    [InlineData(27)]
    public void Later_opsets_are_read_where_forms_did_not_change(int opset) =>
        Assert.Single(
            new OnnxModelBuilder(opset).Input("x", "N", 2).Output("y", "N", 2).Node("Relu", "x", "y").Read().Nodes
        );

    [Fact]
    public void A_file_that_is_missing_or_of_another_kind_is_refused()
    {
        Assert.Contains(
            "cannot read",
            Assert
                .ThrowsAny<DecantException>(() => OnnxReader.Read(Path.Combine(Path.GetTempPath(), "none.onnx")))
                .Message,
            StringComparison.Ordinal
        );
        Assert.ThrowsAny<DecantException>(() => OnnxReader.Read(Path.GetTempPath()));
        Assert.Throws<FileFormatException>(() => OnnxReader.Read(new MemoryStream()));
        Assert.Throws<FileFormatException>(() => OnnxReader.Read(new MemoryStream("<html>"u8.ToArray())));
    }

    private static void Refused(string says, Action<OnnxModelBuilder> add, int opset = 21)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset).Input("x", "N", 2, 3).Output("y", "N", 2);
        add(builder);
        Assert.Contains(
            says,
            Assert.ThrowsAny<DecantException>(() => builder.Read()).Message,
            StringComparison.Ordinal
        );
    }
}
