using Decant.Core;
using Decant.Formats.Onnx.Wire;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>
/// Sequences that are known when a file is read, or that a loop appends to, give ONNX Runtime's answers; others are
/// refused in a line.
/// </summary>
[Collection("libtorch")]
public sealed class SequenceTests
{
    private static readonly Tensor[] Pair = [Random(new Rng(1), 2, 3), Random(new Rng(2), 2, 3)];

    private static OnnxModelBuilder Two(bool isOpen, int opset = 17)
    {
        object[] shape = isOpen ? ["n", 3] : [2, 3];
        return new OnnxModelBuilder(opset).Input("a", shape).Input("b", shape).Output("y");
    }

    [Theory]
    [InlineData(0L, 0L)]
    [InlineData(1L, 0L)]
    [InlineData(-1L, 0L)]
    [InlineData(0L, 1L)]
    [InlineData(1L, 1L)]
    [InlineData(2L, 1L)]
    [InlineData(-1L, 1L)]
    [InlineData(-3L, 1L)]
    public void AListIsJoined(long axis, long isNew)
    {
        foreach (bool isOpen in new[] { false, true })
        foreach (int opset in new[] { 11, 17, 21 })
        {
            OnnxModelBuilder model = Two(isOpen, opset).Node("SequenceConstruct", "a b a", "s");
            if (opset >= 14)
                model.Node("Identity", "s", "t");
            Peer.Agrees(
                model.Node("ConcatFromSequence", opset < 14 ? "s" : "t", "y", ("axis", axis), ("new_axis", isNew)),
                Pair
            );
        }
    }

    [Fact]
    public void AListIsChanged()
    {
        // a; b a; b a b; b b; b c b, of which the second and the last.
        OnnxModelBuilder model = Two(true)
            .Output("n", ElementType.Int64)
            .Output("z")
            .Weight("zero", Tensor.Scalar(0L))
            .Weight("one", Tensor.Scalar(1))
            .Weight("last", Tensor.Scalar(-1L))
            .Node("Neg", "a", "c")
            .Node("SequenceEmpty", "", "s0")
            .Node("SequenceInsert", "s0 a", "s1")
            .Node("SequenceInsert", "s1 b zero", "s2")
            .Node("SequenceInsert", "s2 b", "s3")
            .Node("SequenceErase", "s3 one", "s4")
            .Node("SequenceInsert", "s4 c last", "s5")
            .Node("SequenceLength", "s5", "n")
            .Node("SequenceAt", "s5 one", "y")
            .Node("SequenceErase", "s5", "s6")
            .Node("SequenceAt", "s6 last", "z");
        Peer.Agrees(model, Pair);
    }

    [Theory]
    [InlineData("", 0L, 1L)]
    [InlineData("", 1L, 0L)]
    [InlineData("", -1L, 1L)]
    [InlineData("2", 0L, 1L)]
    [InlineData("3", 1L, 1L)]
    [InlineData("1,4", 0L, 1L)]
    [InlineData("2,3,2", 1L, 0L)]
    public void ATensorIsSplit(string sizes, long axis, long keeps)
    {
        Tensor x = Random(new Rng(4), 5, 7);
        bool isScalar = !sizes.Contains(',');
        long[] parts = sizes.Length == 0 ? [] : [.. sizes.Split(',').Select(s => (long)(s[0] - '0'))];
        foreach (bool isOpen in new[] { false, true })
        {
            OnnxModelBuilder model = new OnnxModelBuilder(17)
                .Input("x", isOpen && axis != 0 ? "n" : 5, isOpen && (axis == 0 || sizes.Length == 0) ? "m" : 7)
                .Output("y")
                .Output("n", ElementType.Int64)
                .Output("whole")
                .Weight("at", Tensor.Scalar(1L))
                .Weight("sizes", isScalar ? Tensor.Scalar(parts.FirstOrDefault()) : Tensor.Vector(parts))
                .Node("SplitToSequence", sizes.Length == 0 ? "x" : "x sizes", "s", ("axis", axis), ("keepdims", keeps))
                .Node("SequenceAt", "s at", "y")
                .Node("SequenceLength", "s", "n");
            bool stacks = keeps == 0 && sizes.Length == 0;
            Peer.Agrees(
                model.Node("ConcatFromSequence", "s", "whole", ("axis", axis), ("new_axis", stacks ? 1L : 0L)),
                [x]
            );
        }
    }

    /// <summary>Rows of x, each times the number of its iteration, as PyTorch's exporter writes such loops.</summary>
    private static OnnxModelBuilder Appending(string body = "r", string start = "SequenceEmpty", string read = "") =>
        new OnnxModelBuilder(17)
            .Input("x", "n", 3)
            .Weight("yes", Tensor.Scalar(true))
            .Weight("none", Tensor.Scalar(0L))
            .Weight("w", Tensor.Vector(1f, 2, 3))
            .Node("Shape", "x", "shape")
            .Node("Gather", "shape none", "count")
            .Node(start, read, "s0")
            .Node("Loop", "count yes s0", "s1", ("body", Body(body)));

    private static OnnxModelBuilder Body(string appended)
    {
        OnnxModelBuilder body = new OnnxModelBuilder()
            .Input("i", ElementType.Int64)
            .Input("go", ElementType.Bool)
            .GraphField(11, SequenceValue("in"))
            .Output("goes", ElementType.Bool)
            .Node("Identity", "go", "goes")
            .Node("Gather", "x i", "row")
            .Node("Cast", "i", "f", ("to", 1L))
            .Node("Mul", "row f", "r")
            .Node("Neg", "r", "m");
        string at = "in";
        foreach (string element in appended.Split(' '))
        {
            body.Node("SequenceInsert", $"{at} {element}", $"{at}{element}");
            at = $"{at}{element}";
        }
        return body.GraphField(12, SequenceValue(at));
    }

    private static WireWriter SequenceValue(string name)
    {
        WireWriter tensor = new WireWriter().Message(1, new WireWriter().Int64(1, 1)),
            sequence = new WireWriter().Message(1, tensor);
        return new WireWriter().Text(1, name).Message(2, new WireWriter().Message(4, sequence));
    }

    [Theory]
    [InlineData("r", 0L, 0L)]
    [InlineData("r", 0L, 1L)]
    [InlineData("r", 1L, 1L)]
    [InlineData("r", -1L, 1L)]
    [InlineData("r m", 1L, 1L)]
    [InlineData("r m r", 0L, 0L)]
    [InlineData("w", 0L, 1L)]
    [InlineData("r w b", 1L, 1L)]
    public void ALoopAppends(string appended, long axis, long isNew)
    {
        OnnxModelBuilder model = Appending(appended)
            .Output("y")
            .Output("n", ElementType.Int64)
            .Node("ConcatFromSequence", "s1", "y", ("axis", axis), ("new_axis", isNew))
            .Node("SequenceLength", "s1", "n");
        if (appended.Contains('b'))
            Peer.Agrees(model.Input("b", 3), [Random(new Rng(5), 4, 3), Random(new Rng(6), 3)]);
        else
            Peer.Agrees(model, [Random(new Rng(5), 4, 3)]);
    }

    [Fact]
    public void ALoopAppendsToWhatThereIs()
    {
        OnnxModelBuilder model = Appending("r", "SequenceConstruct", "b b")
            .Input("b", 3)
            .Output("y")
            .Node("SequenceInsert", "s1 b", "s2")
            .Node("ConcatFromSequence", "s2", "y", ("axis", 0L), ("new_axis", 1L));
        Peer.Agrees(model, [Random(new Rng(5), 4, 3), Random(new Rng(6), 3)]);
    }

    [Theory]
    [InlineData("SplitToSequence", "x")]
    [InlineData("SequenceConstruct", "a b a b")]
    public void ALoopTakesItsElements(string type, string read)
    {
        OnnxModelBuilder body = new OnnxModelBuilder()
            .Input("i", ElementType.Int64)
            .Input("go", ElementType.Bool)
            .Input("sum", 3)
            .Output("goes", ElementType.Bool)
            .Output("next", 3)
            .Node("Identity", "go", "goes")
            .Node("SequenceAt", "s i", "row")
            .Node("Cast", "i", "f", ("to", 1L))
            .Node("Mul", "row f", "r")
            .Node("Add", "sum r", "next");
        (string, object)[] attributes = type[1] == 'p' ? [("axis", 0L), ("keepdims", 0L)] : [];
        OnnxModelBuilder model = new OnnxModelBuilder(17)
            .Input("x", "n", 3)
            .Input("a", 3)
            .Input("b", 3)
            .Output("y")
            .Weight("yes", Tensor.Scalar(true))
            .Weight("count", Tensor.Scalar(4L))
            .Node(type, read, "s", attributes)
            .Node("Loop", "count yes a", "y", ("body", body));
        Peer.Agrees(model, [Random(new Rng(5), 4, 3), Random(new Rng(6), 3), Random(new Rng(7), 3)]);
    }

    [Fact]
    public void WhetherAValueIsThereIsKnown()
    {
        OnnxModelBuilder branch = new OnnxModelBuilder().Output("p").Node("OptionalGetElement", "o", "p"),
            otherwise = new OnnxModelBuilder().Output("q").Node("Neg", "a", "q");
        Peer.Agrees(
            Two(false)
                .Node("Optional", "b", "o")
                .Node("OptionalHasElement", "o", "has")
                .Node("If", "has", "y", ("then_branch", branch), ("else_branch", otherwise)),
            Pair
        );
    }

    [Fact]
    public void AValueOfATypeMayBeAbsent()
    {
        OnnxModelBuilder branch = new OnnxModelBuilder().Output("p").Node("OptionalGetElement", "o", "p"),
            otherwise = new OnnxModelBuilder().Output("q").Node("Neg", "a", "q");
        WireWriter tensor = new WireWriter().Message(1, new WireWriter().Int64(1, 1)),
            type = new WireWriter().Text(1, "type").Message(14, tensor).Int64(20, 13);
        Peer.Agrees(
            Two(false)
                .Odd("Optional", "", "o", node => node.Message(5, type))
                .Node("OptionalHasElement", "o", "has")
                .Node("If", "has", "y", ("then_branch", branch), ("else_branch", otherwise)),
            Pair
        );
    }

    [Fact]
    public void WhatIsNotKnownIsRefused()
    {
        OnnxModelBuilder three = Two(false).Node("SequenceConstruct", "a b", "s");
        Peer.Refused(Two(false).Node("Neg", "a", "y").GraphField(11, SequenceValue("in")), "input 'in' is a sequence");
        Peer.Refused(
            Two(false).Node("SequenceConstruct", "a b", "y"),
            "output 'y' is a sequence, map or optional; only tensors"
        );
        Peer.Refused(three.Node("Relu", "s", "y"), "node 'n_y' (Relu): its input 's' is a sequence");
        Peer.Refused(Two(false).Node("SequenceLength", "a", "y"), "'a' is not a sequence that is known");
        Peer.Refused(
            Two(false).Node("SequenceEmpty", "", "s").Node("ConcatFromSequence", "s", "y", ("axis", 0L)),
            "its sequence is empty"
        );
        Peer.Refused(
            Two(false)
                .Weight("five", Tensor.Scalar(5L))
                .Node("SequenceConstruct", "a b", "s")
                .Node("SequenceAt", "s five", "y"),
            "its position 5 is outside a sequence of 2"
        );
        Peer.Refused(
            Appending("r").Output("y").Node("SequenceErase", "s1", "y"),
            "the length of its sequence is not known"
        );
        Peer.Refused(Two(false).Node("Optional", "", "o").Node("OptionalGetElement", "o", "y"), "its value is absent");
    }

    [Fact]
    public void ALoopThatReadsWhatItAppendsIsRefused()
    {
        OnnxModelBuilder body = new OnnxModelBuilder()
            .Input("i", ElementType.Int64)
            .Input("go", ElementType.Bool)
            .GraphField(11, SequenceValue("in"))
            .Output("goes", ElementType.Bool)
            .Node("Identity", "go", "goes")
            .Node("SequenceAt", "in i", "row")
            .Node("SequenceInsert", "in row", "out")
            .GraphField(12, SequenceValue("out"));
        Peer.Refused(
            Two(false)
                .Weight("yes", Tensor.Scalar(true))
                .Weight("count", Tensor.Scalar(4L))
                .Node("SequenceConstruct", "a", "s")
                .Node("Loop", "count yes s", "t", ("body", body))
                .Node("ConcatFromSequence", "t", "y", ("axis", 0L)),
            "its body reads sequence 'in' while it grows"
        );
    }
}
