using Decant.Runtime.CompressedKernels.Int8;
using Decant.Runtime.CompressedKernels.Int8.Winograd;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans convolutions and sums whose inputs are bytes.</summary>
internal static class Int8Layers
{
    // With fewer, the transforms cost more than the products they save.
    private const int LeastWinogradOutputs = 32;

    /// <summary>Adds the stage of an operation on bytes; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan) =>
        operation.Node.Operator switch
        {
            Operators.Conv conv => Convolution(operation, conv, plan),
            Operators.Add => Sum(operation, plan),
            _ => false,
        };

    /// <summary>Why a convolution of bytes by int8 weights is computed in floats; empty where it is not one.</summary>
    public static string WhyDense(Operation operation, PlanBuilder plan) =>
        plan.Bytes(operation.Node.Inputs[0]) is null || plan.Known.Codes(operation.Node.Inputs[1]) is null ? ""
        : !plan.Options.ByteDotProducts ? "int8 weights decoded: int8 products are slower than floats without VNNI"
        : "int8 weights decoded: no int8 kernel computes this window, group or residual";

    private static bool Convolution(Operation operation, Operators.Conv conv, PlanBuilder plan)
    {
        Node node = operation.Node;
        string? bias = node.Inputs.Length > 2 && node.Inputs[2].Length > 0 ? node.Inputs[2] : null;
        if (
            !plan.Options.ByteDotProducts
            || plan.Bytes(node.Inputs[0]) is not { } input
            || plan.Known.Codes(node.Inputs[1]) is not { } codes
            || conv.Group != 1
            || operation.Residual is not null
            || operation.Normalization is not null
            || (bias is not null && !plan.Known.IsConstant(bias))
            || codes.Shape.Count == 0
        )
            return false;
        var window = ImageWindow.Of(conv.Window, plan.Known.FloatShape(node.Inputs[0])!.Value, codes.Shape);
        if (
            window.DilationX != 1
            || codes.Shape.CountFrom(1) > Int8Weights.MaxDepth
            || (
                operation.Quantization is { } q
                && (plan.Known.ByteRange(q) is null || !plan.StandForFloats(operation.Output))
            )
        )
            return false;
        ByteImage? bytes = operation.Quantization is { } to
            ? plan.NewBytes(operation.Output, plan.Known.ByteRange(to)!.Value)
            : null;
        ImageView? floats = bytes is null ? plan.NewImage(operation.Output) : null;
        Int8Filters filters = plan.Weights.Get($"{node.Inputs[1]}\n{bias}", "int8", () =>
            new Int8Filters(codes, bias is null ? [] : plan.Known.Constant(bias)!.Span<float>())
        );
        var layer = new Int8Layer(
            node.Name,
            input,
            bytes,
            floats,
            window,
            operation.Low,
            operation.High,
            plan.Known.Macs(node)
        );
        Add(layer, filters, codes, node, plan);
        return true;
    }

    private static void Add(Int8Layer layer, Int8Filters filters, QuantizedWeight codes, Node node, PlanBuilder plan)
    {
        var (width, threads) = (plan.Options.Width, plan.Options.Threads);
        bool fits =
            PairMethods.Has(width)
            && layer.Window.IsWinograd
            && codes.Shape[0] % Int8Weights.Columns == 0
            && codes.Shape[1] % 16 == 0
            && codes.Shape[1] <= Int8WinogradFilters.MaxChannels;
        if (!fits)
            plan.Add(Direct());
        else if (codes.Shape[0] < LeastWinogradOutputs)
            plan.Add(node, Direct, Winograd);
        else
            plan.Add(node, Winograd, Direct);

        Stage Direct() =>
            new Int8Convolution(layer, filters, width, threads)
            {
                Name = layer.Name,
                Kernel = "int8",
                Macs = layer.Macs,
            };
        Stage Winograd() =>
            new Int8Winograd(
                layer,
                filters,
                plan.Weights.Get(node.Inputs[1], "int8 winograd", () =>
                    new Int8WinogradFilters(codes, PairMethods.For(width).Lanes)
                ),
                width,
                threads
            )
            {
                Name = layer.Name,
                Kernel = "int8 winograd",
                Macs = layer.Macs,
            };
    }

    private static bool Sum(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            plan.Bytes(node.Inputs[0]) is not { } a
            || plan.Bytes(node.Inputs[1]) is not { } b
            || plan.Known.FloatShape(node.Inputs[0]) != plan.Known.FloatShape(node.Inputs[1])
            || plan.Known.ByteRange(operation.Quantization!) is not { } range
            || !plan.StandForFloats(operation.Output)
        )
            return false;
        plan.Add(
            new ByteAdd(a, b, plan.NewBytes(operation.Output, range), operation.Low, operation.High)
            {
                Name = node.Name,
                Kernel = "bytes",
            }
        );
        return true;
    }
}
