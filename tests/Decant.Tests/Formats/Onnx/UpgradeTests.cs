using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Import;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class UpgradeTests
{
    private readonly Values values = new(["x", "w", "y"]);

    [Fact]
    public void Slice_before_10()
    {
        GraphNode node = Apply(9, "Slice", ("starts", Many(1)), ("ends", Many(5)), ("axes", Many(2)));
        Assert.Equal(["x", "n.starts", "n.ends", "n.axes"], node.Inputs.AsEnumerable());
        Assert.Equal([5L], values.Constant("n.ends")!.Array<long>());
        Assert.Equal(0, node.Attributes.Count);
    }

    [Fact]
    public void Pad_before_11()
    {
        GraphNode node = Apply(10, "Pad", ("pads", Many(0, 1, 0, 1)), ("value", 2f), ("mode", "edge"));
        Assert.Equal(["x", "n.pads", "n.value"], node.Inputs.AsEnumerable());
        Assert.Equal([2f], values.Constant("n.value")!.Array<float>());
        Assert.Equal("edge", node.Attributes.Text("mode", ""));
    }

    [Fact]
    public void Clip_before_11_with_only_a_maximum()
    {
        GraphNode node = Apply(6, "Clip", ("max", 6f));
        Assert.Equal(["x", "", "n.max"], node.Inputs.AsEnumerable());
    }

    [Fact]
    public void Upsample_is_a_Resize()
    {
        var older = new GraphNode(
            "n",
            "Upsample",
            ["x"],
            ["y"],
            new Attributes(("scales", ImmutableArray.Create(1f, 2f)), ("mode", "linear"))
        );
        GraphNode node = Assert.Single(OperatorUpgrades.Apply(older, 8, new UpgradeContext(values)));
        Assert.Equal("Resize", node.Type);
        Assert.Equal(["x", "", "n.scales"], node.Inputs.AsEnumerable());
        Assert.Equal([1f, 2f], values.Constant("n.scales")!.Array<float>());
        Assert.Equal(
            ("linear", "asymmetric", "floor"),
            (
                node.Attributes.Text("mode", ""),
                node.Attributes.Text("coordinate_transformation_mode", ""),
                node.Attributes.Text("nearest_mode", "")
            )
        );
        Assert.Equal(
            ["x", "", "w"],
            Assert
                .Single(
                    OperatorUpgrades.Apply(
                        older with
                        {
                            Type = "Resize",
                            Inputs = ["x", "w"],
                        },
                        10,
                        new UpgradeContext(values)
                    )
                )
                .Inputs.AsEnumerable()
        );
    }

    [Theory]
    [InlineData("Squeeze", 12)]
    [InlineData("Unsqueeze", 11)]
    [InlineData("ReduceSum", 12)]
    [InlineData("ReduceMean", 17)]
    public void Axes_become_an_input(string type, int opset) =>
        Assert.Equal([1L, 2], values.Constant(Apply(opset, type, ("axes", Many(1, 2))).Inputs[1])!.Array<long>());

    [Theory]
    [InlineData("Slice", 10)]
    [InlineData("Pad", 11)]
    [InlineData("Clip", 11)]
    [InlineData("Squeeze", 13)]
    [InlineData("ReduceMean", 18)]
    [InlineData("Softmax", 13)]
    public void The_present_form_stays(string type, int opset)
    {
        var node = new GraphNode("n", type, ["x"], ["y"], Attributes.None);
        Assert.Equal([node], OperatorUpgrades.Apply(node, opset, new UpgradeContext(values)));
    }

    [Fact]
    public void Split_before_18_states_how_many_parts()
    {
        var node = new GraphNode("n", "Split", ["x"], ["a", "b"], Attributes.None);
        Assert.Equal(
            2,
            OperatorUpgrades.Apply(node, 13, new UpgradeContext(values)).Single().Attributes.Int("num_outputs")
        );
        Assert.Equal(2, Apply(11, "Split", ("split", Many(1, 2))).Inputs.Length);
    }

    [Fact]
    public void Softmax_before_13_over_the_last_axis_stays_one()
    {
        values.SetType("x", ElementType.Float32, [Term.OfSymbol(0), Term.Of(5)]);
        Assert.Equal(1, Apply(9, "Softmax").Attributes.Int("axis"));
        values.SetType("x", ElementType.Float32, [Term.OfSymbol(0), Term.Of(5), Term.Of(1), Term.Of(1)]);
        Assert.Equal(1, Apply(9, "Softmax").Attributes.Int("axis"));
    }

    [Fact]
    public void Softmax_before_13_over_several_axes_goes_through_a_matrix()
    {
        Network network = new OnnxModelBuilder(11)
            .Input("x", "N", 3, 4)
            .Output("y", "N", 3, 4)
            .Node("Softmax", "x", "y")
            .Read();
        Assert.Equal(["Flatten", "Softmax", "Reshape"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(new Shape(2, 3, 4), NetworkShapes.Of(network, 2)["y"]!.Shape);
    }

    [Fact]
    public void BatchNormalization_loses_its_training_form()
    {
        var node = new GraphNode(
            "n",
            "BatchNormalization",
            ["x", "s", "b", "m", "v"],
            ["y", "", "w"],
            new Attributes(("spatial", 1L), ("epsilon", 1e-3f))
        );
        GraphNode now = OperatorUpgrades.Apply(node, 7, new UpgradeContext(values)).Single();
        Assert.Equal(["y"], now.Outputs.AsEnumerable());
        Assert.Equal(["epsilon"], now.Attributes.Select(a => a.Key));
        Assert.Throws<ModelException>(() =>
            OperatorUpgrades
                .Apply(node with { Attributes = new Attributes(("spatial", 0L)) }, 7, new UpgradeContext(values))
                .Count()
        );
    }

    [Fact]
    public void Broadcasting_from_an_axis_aligns_at_the_end()
    {
        Network network = new OnnxModelBuilder(6)
            .Input("x", "N", 3, 4, 4)
            .Output("y", "N", 3, 4, 4)
            .Weight("b", Tensor.Vector(1f, 2, 3))
            .Node("Add", "x b", "y", ("broadcast", 1L), ("axis", 1L))
            .Read();
        Assert.Equal(["Add"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(new Shape(3, 1, 1), network.Weights[network.Nodes[0].Inputs[1]].Encoding.Shape);
    }

    [Fact]
    public void GroupNormalization_before_21_had_one_number_a_group()
    {
        values.SetType("x", ElementType.Float32, [Term.OfSymbol(0), Term.Of(4), Term.Of(2)]);
        values.Add("s", Tensor.Vector(1f, 2));
        values.Add("b", Tensor.Vector(3f, 4));
        var node = new GraphNode("n", "GroupNormalization", ["x", "s", "b"], ["y"], new Attributes(("num_groups", 2L)));
        GraphNode now = OperatorUpgrades.Apply(node, 18, new UpgradeContext(values)).Single();
        Assert.Equal([1f, 1, 2, 2], values.Constant(now.Inputs[1])!.Array<float>());
        Assert.Equal([3f, 3, 4, 4], values.Constant(now.Inputs[2])!.Array<float>());
    }

    [Fact]
    public void A_slope_before_7_was_one_a_channel()
    {
        Network network = new OnnxModelBuilder(6)
            .Input("x", "N", 3, 4, 4)
            .Output("y", "N", 3, 4, 4)
            .Weight("s", Tensor.Vector(1f, 2, 3))
            .Node("PRelu", "x s", "y")
            .Read();
        Assert.Equal(["PRelu"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(new Shape(3, 1, 1), network.Weights[network.Nodes[0].Inputs[1]].Encoding.Shape);
        values.Add("one", Tensor.Vector(1f));
        var node = new GraphNode("n", "PRelu", ["x", "one"], ["y"], Attributes.None);
        Assert.Equal([node], OperatorUpgrades.Apply(node, 6, new UpgradeContext(values)));
    }

    [Fact]
    public void Forms_of_the_first_opsets()
    {
        Assert.Equal(0, Apply(1, "Relu", ("consumed_inputs", Many(0))).Attributes.Count);
        Assert.Equal((long)ElementType.Float16, Apply(5, "Cast", ("to", "FLOAT16")).Attributes.Int("to"));
        Assert.Throws<ModelException>(() => Apply(5, "Cast", ("to", "float")));
        Assert.Equal(1, Apply(3, "Concat").Attributes.Int("axis"));
        Assert.Equal(2, Apply(3, "Concat", ("axis", 2L)).Attributes.Int("axis"));
        Assert.Equal(
            [0L, 1, 0, 1],
            values.Constant(Apply(1, "Pad", ("paddings", Many(0, 1, 0, 1))).Inputs[1])!.Array<long>()
        );
        Assert.Equal([2L, -1], values.Constant(Apply(4, "Reshape", ("shape", Many(2, -1))).Inputs[1])!.Array<long>());
    }

    private GraphNode Apply(int opset, string type, params (string, object)[] attributes) =>
        OperatorUpgrades
            .Apply(
                new GraphNode("n", type, ["x"], ["y"], new Attributes(attributes)),
                opset,
                new UpgradeContext(values)
            )
            .Single();

    private static ImmutableArray<long> Many(params long[] integers) => [.. integers];
}
