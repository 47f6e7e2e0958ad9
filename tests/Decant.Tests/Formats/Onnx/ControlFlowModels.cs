using Decant.Core;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Small models whose nodes run graphs: If, Loop and Scan.</summary>
internal static class ControlFlowModels
{
    private static readonly ElementType Bool = ElementType.Bool,
        Int64 = ElementType.Int64;

    /// <summary>All of them by name, with what they are fed.</summary>
    public static IEnumerable<(string Name, OnnxModelBuilder Model, Tensor[][] Fed)> All()
    {
        Tensor x = Tensor.Of(new Shape(2, 3), [1f, -2, 3, -4, 5, -6]),
            yes = Tensor.Of(Shape.Scalar, [true]),
            no = Tensor.Of(Shape.Scalar, [false]);
        Tensor One(long n) => Tensor.Scalar(n);
        yield return (
            "if",
            If(),
            [
                [yes, x],
                [no, x],
            ]
        );
        yield return (
            "if of other shapes",
            IfOfOtherShapes(),
            [
                [yes, x],
                [no, x],
            ]
        );
        yield return (
            "branches that hand on",
            HandedOn(),
            [
                [yes, x],
                [no, x],
            ]
        );
        yield return (
            "for",
            For(),
            [
                [One(3), x],
                [One(0), x],
                [One(-2), x],
                [One(1), x],
            ]
        );
        yield return (
            "while",
            While(),
            [
                [Tensor.Scalar(1f)],
                [Tensor.Scalar(900f)],
            ]
        );
        yield return (
            "early exit",
            EarlyExit(),
            [
                [One(10), x],
                [One(2), x],
            ]
        );
        yield return (
            "do while",
            DoWhile(),
            [
                [x],
            ]
        );
        yield return (
            "values that grow",
            Growing(),
            [
                [One(4), Tensor.Vector(1f, 2)],
                [One(12), Tensor.Vector(1f, 2)],
            ]
        );
        yield return (
            "if in a loop",
            IfInLoop(),
            [
                [One(5), x],
                [One(0), x],
            ]
        );
        yield return (
            "loop in a loop",
            LoopInLoop(),
            [
                [One(3), One(2), x],
                [One(3), One(0), x],
                [One(0), One(2), x],
            ]
        );
        yield return (
            "scan",
            Scan(),
            [
                [Tensor.Vector(0f, 0), Table(4, 2), Table(4)],
            ]
        );
        yield return (
            "scan along axes",
            ScanAlongAxes(),
            [
                [Table(2, 5, 3), Table(3, 2, 5)],
            ]
        );
    }

    /// <summary>One of two layers that read the same value around them; both have constants of their own.</summary>
    public static OnnxModelBuilder If() =>
        new OnnxModelBuilder()
            .Input("c", Bool)
            .Input("x", "N", 3)
            .Weight("w", Table(3, 3))
            .Node("Relu", "x", "r")
            .Node(
                "If",
                "c",
                "a b",
                (
                    "then_branch",
                    new OnnxModelBuilder()
                        .Weight("k", Tensor.Vector(2f))
                        .Node("MatMul", "r w", "m")
                        .Node("Mul", "m k", "p")
                        .Node("Neg", "x", "q")
                        .Output("p", "N", 3)
                        .Output("q", "N", 3)
                ),
                (
                    "else_branch",
                    new OnnxModelBuilder()
                        .Weight("k", Tensor.Vector(3f))
                        .Node("Add", "r k", "p")
                        .Node("MatMul", "p w", "q")
                        .Output("p", "N", 3)
                        .Output("q", "N", 3)
                )
            )
            .Node("Add", "a b", "y")
            .Output("y", "N", 3);

    public static OnnxModelBuilder IfOfOtherShapes() =>
        new OnnxModelBuilder()
            .Input("c", Bool)
            .Input("x", 2, 3)
            .Ints("axis", 1)
            .Node(
                "If",
                "c",
                "a",
                (
                    "then_branch",
                    new OnnxModelBuilder().Node("ReduceSum", "x axis", "s", ("keepdims", 0L)).Output("s", "A")
                ),
                ("else_branch", new OnnxModelBuilder().Node("Transpose", "x", "t").Output("t", "A", "B"))
            )
            .Node("Relu", "a", "y")
            .Node("Size", "a", "n")
            .Output("n", Int64)
            .Odd("Relu", "a", "y2", _ => { })
            .Output("y2", "P");

    /// <summary>Branches that make nothing but hand on values around them, one of them twice.</summary>
    public static OnnxModelBuilder HandedOn() =>
        new OnnxModelBuilder()
            .Input("c", Bool)
            .Input("x", 2, 3)
            .Node("Neg", "x", "z")
            .Node(
                "If",
                "c",
                "a b",
                (
                    "then_branch",
                    new OnnxModelBuilder()
                        .Node("Identity", "x", "i")
                        .Node("Identity", "x", "j")
                        .Output("i", 2, 3)
                        .Output("j", 2, 3)
                ),
                (
                    "else_branch",
                    new OnnxModelBuilder()
                        .Weight("k", Table(2, 3))
                        .Node("Identity", "z", "i")
                        .Node("Identity", "k", "j")
                        .Output("i", 2, 3)
                        .Output("j", 2, 3)
                )
            )
            .Node("Sub", "a b", "y")
            .Output("y", 2, 3)
            .Output("b", 2, 3);

    /// <summary>So many times: h = tanh(h·w + i); h and its sums over rows are stacked.</summary>
    public static OnnxModelBuilder For() =>
        new OnnxModelBuilder()
            .Input("n", Int64)
            .Input("x", 2, 3)
            .Weight("w", Table(3, 3))
            .Node(
                "Loop",
                "n - x",
                "last all sums",
                ("body", Step(new OnnxModelBuilder().Node("Identity", "go", "on"), 2))
            )
            .Output("last", 2, 3)
            .Output("all", "T", 2, 3)
            .Output("sums", "T", 2);

    /// <summary>While v &lt; 1000, v = 3v; there is no trip count.</summary>
    public static OnnxModelBuilder While() =>
        new OnnxModelBuilder()
            .Input("v")
            .Weight("three", Tensor.Scalar(3f))
            .Weight("most", Tensor.Scalar(1000f))
            .Node("Less", "v most", "first")
            .Node(
                "Loop",
                "- first v",
                "y seen",
                (
                    "body",
                    new OnnxModelBuilder()
                        .Input("i", Int64)
                        .Input("go", Bool)
                        .Input("u")
                        .Node("Mul", "u three", "next")
                        .Node("Less", "next most", "on")
                        .Output("on", Bool)
                        .Output("next")
                        .Node("Cast", "i", "seen", ("to", 1L))
                        .Output("seen")
                )
            )
            .Output("y")
            .Output("seen", "T");

    /// <summary>A loop that its condition ends after the third iteration, if the count does not before.</summary>
    public static OnnxModelBuilder EarlyExit() =>
        new OnnxModelBuilder()
            .Input("n", Int64)
            .Input("x", "N", 3)
            .Weight("w", Table(3, 3))
            .Weight("two", Tensor.Scalar(2L))
            .Weight("yes", Tensor.Of(Shape.Scalar, [true]))
            .Node(
                "Loop",
                "n yes x",
                "last all sums",
                ("body", Step(new OnnxModelBuilder().Node("Less", "i two", "on")))
            )
            .Output("last", "N", 3)
            .Output("all", "T", "N", 3)
            .Output("sums", "T", "N");

    /// <summary>Neither count nor condition: the body's own condition ends it all the same.</summary>
    public static OnnxModelBuilder DoWhile() =>
        new OnnxModelBuilder()
            .Input("x", "N", 3)
            .Weight("w", Table(3, 3))
            .Weight("five", Tensor.Scalar(5L))
            .Node("Loop", "- - x", "last all sums", ("body", Step(new OnnxModelBuilder().Node("Less", "i five", "on"))))
            .Output("last", "N", 3)
            .Output("all", "T", "N", 3)
            .Output("sums", "T", "N");

    /// <summary>A value that is longer after every iteration.</summary>
    public static OnnxModelBuilder Growing() =>
        new OnnxModelBuilder()
            .Input("n", Int64)
            .Input("x", 2)
            .Node(
                "Loop",
                "n - x",
                "y lengths",
                (
                    "body",
                    new OnnxModelBuilder()
                        .Input("i", Int64)
                        .Input("go", Bool)
                        .Input("v", "L")
                        .Node("Concat", "v x", "next", ("axis", 0L))
                        .Node("Shape", "next", "length")
                        .Node("Identity", "go", "on")
                        .Output("on", Bool)
                        .Output("next", "M")
                        .Output("length", Int64, 1)
                )
            )
            .Output("y", "M")
            .Output("lengths", Int64, "T", 1);

    /// <summary>Every other iteration adds a weight, and the others multiply with it.</summary>
    public static OnnxModelBuilder IfInLoop()
    {
        OnnxModelBuilder add = new OnnxModelBuilder().Node("Add", "h b", "r").Output("r", "N", 3),
            multiply = new OnnxModelBuilder().Node("Mul", "h b", "r").Node("Add", "r x", "s").Output("s", "N", 3);
        return new OnnxModelBuilder()
            .Input("n", Int64)
            .Input("x", "N", 3)
            .Weight("b", Table(3))
            .Weight("two", Tensor.Scalar(2L))
            .Weight("none", Tensor.Scalar(0L))
            .Node(
                "Loop",
                "n - x",
                "y",
                (
                    "body",
                    new OnnxModelBuilder()
                        .Input("i", Int64)
                        .Input("go", Bool)
                        .Input("h", "N", 3)
                        .Node("Mod", "i two", "rest")
                        .Node("Equal", "rest none", "even")
                        .Node("If", "even", "next", ("then_branch", add), ("else_branch", multiply))
                        .Node("Identity", "go", "on")
                        .Output("on", Bool)
                        .Output("next", "N", 3)
                )
            )
            .Output("y", "N", 3);
    }

    public static OnnxModelBuilder LoopInLoop()
    {
        OnnxModelBuilder inner = new OnnxModelBuilder()
            .Input("j", Int64)
            .Input("go2", Bool)
            .Input("u", "N", 3)
            .Node("Cast", "i", "f", ("to", 1L))
            .Node("Add", "u f", "next2")
            .Node("Mul", "x next2", "product")
            .Node("Identity", "go2", "on2")
            .Output("on2", Bool)
            .Output("next2", "N", 3)
            .Output("product", "N", 3);
        return new OnnxModelBuilder()
            .Input("n", Int64)
            .Input("m", Int64)
            .Input("x", 2, 3)
            .Node(
                "Loop",
                "n - x",
                "y all",
                (
                    "body",
                    new OnnxModelBuilder()
                        .Input("i", Int64)
                        .Input("go", Bool)
                        .Input("v", 2, 3)
                        .Node("Loop", "m - v", "next products", ("body", inner))
                        .Node("Identity", "go", "on")
                        .Output("on", Bool)
                        .Output("next", 2, 3)
                        .Output("products", "T", 2, 3)
                )
            )
            .Output("y", 2, 3)
            .Output("all", "S", "T", 2, 3);
    }

    /// <summary>A running sum of two inputs, with its products stacked.</summary>
    public static OnnxModelBuilder Scan() =>
        new OnnxModelBuilder()
            .Input("s", 2)
            .Input("a", "T", 2)
            .Input("b", "T")
            .Weight("k", Tensor.Vector(0.5f))
            .Node(
                "Scan",
                "s a b",
                "last all",
                (
                    "body",
                    new OnnxModelBuilder()
                        .Input("h", 2)
                        .Input("u", 2)
                        .Input("v")
                        .Node("Mul", "u v", "p")
                        .Node("Mul", "h k", "half")
                        .Node("Add", "half p", "next")
                        .Node("Neg", "next", "out")
                        .Output("next", 2)
                        .Output("out", 2)
                ),
                ("num_scan_inputs", 2L)
            )
            .Output("last", 2)
            .Output("all", "T", 2);

    /// <summary>Slices along other axes, one input read and one output filled from the end.</summary>
    public static OnnxModelBuilder ScanAlongAxes() =>
        new OnnxModelBuilder()
            .Input("a", 2, 5, 3)
            .Input("b", 3, 2, 5)
            .Node(
                "Scan",
                "a b",
                "p q",
                (
                    "body",
                    new OnnxModelBuilder()
                        .Input("u", 2, 3)
                        .Input("v", 3, 2)
                        .Node("MatMul", "u v", "m")
                        .Node("Transpose", "u", "t")
                        .Output("m", 2, 2)
                        .Output("t", 3, 2)
                ),
                ("num_scan_inputs", 2L),
                ("scan_input_axes", Many(1, -1)),
                ("scan_input_directions", Many(0, 1)),
                ("scan_output_axes", Many(-1, 1)),
                ("scan_output_directions", Many(1, 0))
            )
            .Output("p", 2, 2, 5)
            .Output("q", 3, 5, 2);

    public static Tensor Table(params int[] dims)
    {
        int count = dims.Aggregate(1, (a, b) => a * b);
        return Tensor.Of(new Shape(dims), [.. Enumerable.Range(0, count).Select(i => i * 7 % 11 / 8f - 0.5f)]);
    }

    private static System.Collections.Immutable.ImmutableArray<long> Many(params long[] values) => [.. values];

    /// <summary>An iteration of <see cref="For"/>; what makes its condition comes first.</summary>
    private static OnnxModelBuilder Step(OnnxModelBuilder condition, object? rows = null) =>
        condition
            .Input("i", Int64)
            .Input("go", Bool)
            .Input("h", rows ?? "N", 3)
            .Ints("axis", 1)
            .Node("Cast", "i", "f", ("to", 1L))
            .Node("MatMul", "h w", "m")
            .Node("Add", "m f", "s")
            .Node("Tanh", "s", "next")
            .Node("Identity", "next", "out")
            .Node("ReduceSum", "next axis", "sum", ("keepdims", 0L))
            .Output("on", Bool)
            .Output("next", rows ?? "N", 3)
            .Output("out", rows ?? "N", 3)
            .Output("sum", rows ?? "N");
}
