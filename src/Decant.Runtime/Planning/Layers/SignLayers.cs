using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Binary;
using Decant.Runtime.Stages;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Planning.Layers;

/// <summary>
/// Plans convolutions of signs (<see cref="SignPattern"/>) with binary weights (XNOR-Net, Rastegari et al. 2016).
/// </summary>
internal static class SignLayers
{
    /// <summary>Takes signs that nothing but binary convolutions reads; no stage computes them then.</summary>
    public static bool TryAddSigns(Operation operation, PlanBuilder plan)
    {
        if (Source(operation.Node, plan) is not { } source)
            return false;
        plan.TakeSigns(operation.Output, source);
        return true;
    }

    /// <summary>Leaves out a comparison that nothing but such signs read.</summary>
    public static bool TryAddComparison(Operation operation, PlanBuilder plan)
    {
        Operation[] readers = [.. plan.Readers(operation.Output)];
        return readers.Length > 0
            && !plan.IsOutput(operation.Output)
            && Array.TrueForAll(readers, r =>
                r.Node.Operator is Operators.Where
                && r.Node.Inputs[0] == operation.Output
                && Source(r.Node, plan) is not null
            );
    }

    /// <summary>Adds the stage of a convolution of signs; false if its input is not signs.</summary>
    public static bool TryAddConvolution(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (plan.Signs(node.Inputs[0]) is not { } source)
            return false;
        var conv = (Operators.Conv)node.Operator;
        var weight = (BinaryEncoding)plan.Known.Encoding(node.Inputs[1])!;
        Shape x = plan.Known.FloatShape(node.Inputs[0])!.Value;
        float[]? bias =
            node.Inputs.Length > 2 && node.Inputs[2].Length > 0
                ? plan.Known.Constant(node.Inputs[2])!.Array<float>()
                : null;
        BinaryConvolution binary = plan.Weights.Get(
            $"{node.Inputs[1]}\n{(bias is null ? "" : node.Inputs[2])}",
            $"binary over {x} by {ImageWindow.Of(conv.Window, x, weight.Shape)} relu {operation.Low}",
            () =>
                new BinaryConvolution(
                    weight.Signs,
                    weight.Scales,
                    weight.Shape[0],
                    PlanOf(ImageWindow.Of(conv.Window, x, weight.Shape), x),
                    new Epilogue(bias, operation.Low == 0),
                    plan.Options.Width
                )
        );
        plan.Add(
            new BinaryPlanes(plan.Plain(source)!, plan.NewPlain(operation.Output), x[0], binary)
            {
                Name = node.Name,
                Kernel = "binary",
                Macs = plan.Known.Macs(node),
            }
        );
        return true;
    }

    /// <summary>The value whose signs a Where makes for binary convolutions; null if it is anything else.</summary>
    private static string? Source(Node node, PlanBuilder plan)
    {
        if (
            plan.Given.For(node) is not null
            || plan.IsOutput(node.Outputs[0])
            || plan.Known.FloatShape(node.Outputs[0]) is not { Rank: 4, Count: > 0 }
            || SignPattern.SourceOf(node, plan.Maker, value => Number(value, plan)) is not { } source
        )
            return null;
        bool fits =
            plan.Known.FloatShape(source) == plan.Known.FloatShape(node.Outputs[0]) && !plan.Known.IsConstant(source);
        Operation[] readers = [.. plan.Readers(node.Outputs[0])];
        return
            fits
            && readers.Length > 0
            && Array.TrueForAll(readers, r => plan.Given.For(r.Node) is null && IsBinary(r, node.Outputs[0], plan))
            ? source
            : null;
    }

    private static bool IsBinary(Operation reader, string signs, PlanBuilder plan) =>
        reader
            is {
                Node.Operator: Operators.Conv { Group: 1 } conv,
                Residual: null,
                Normalization: null,
                Quantization: null,
                High: float.PositiveInfinity,
                Low: 0 or float.NegativeInfinity
            }
        && reader.Node.Inputs[0] == signs
        && plan.Known.Encoding(reader.Node.Inputs[1]) is BinaryEncoding { Shape: { Rank: 4, Count: > 0 } w }
        && plan.Known.FloatShape(reader.Output) is { Count: > 0 }
        && (
            reader.Node.Inputs.Length < 3
            || reader.Node.Inputs[2].Length == 0
            || plan.Known.IsConstant(reader.Node.Inputs[2])
        )
        && ImageWindow.Of(conv.Window, plan.Known.FloatShape(signs)!.Value, w) is { DilationX: 1, DilationY: 1 };

    private static float? Number(string value, PlanBuilder plan) =>
        plan.Known.IsConstant(value) && plan.Known.Constant(value) is { Type: ElementType.Float32, Count: 1 } constant
            ? constant.Span<float>()[0]
            : null;

    private static BinaryConvolutionGeometry PlanOf(ImageWindow w, Shape x) =>
        new()
        {
            Channels = x[1],
            InputHeight = x[2],
            InputWidth = x[3],
            KernelHeight = w.Height,
            KernelWidth = w.Width,
            StrideY = w.StrideY,
            StrideX = w.StrideX,
            Top = w.Padding.Top,
            Left = w.Padding.Left,
            Bottom = w.Padding.Bottom,
            Right = w.Padding.Right,
        };
}
