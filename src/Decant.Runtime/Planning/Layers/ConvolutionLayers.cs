using Decant.Runtime.Dense.Winograd;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans convolutions over one or two axes whose filters are constant.</summary>
internal static class ConvolutionLayers
{
    /// <summary>Adds the stage of a convolution; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        var conv = (Operators.Conv)node.Operator;
        string? bias = node.Inputs.Length > 2 && node.Inputs[2].Length > 0 ? node.Inputs[2] : null;
        if (
            plan.Known.FloatShape(node.Inputs[0]) is not { Rank: 3 or 4 } x
            || plan.Known.FloatShape(node.Inputs[1]) is not { } w
            || plan.Known.FloatShape(operation.Output) is not { Count: > 0 }
            || !plan.Known.IsConstant(node.Inputs[1])
            || w.Count == 0
            || x.Count == 0
            || (bias is not null && !plan.Known.IsConstant(bias))
        )
            return false;
        if (SignLayers.TryAddConvolution(operation, plan))
            return true;
        var window = ImageWindow.Of(conv.Window, x, w);
        if (Int8Layers.TryAdd(operation, plan) || SparseLayers.TryAdd(operation, conv, bias, window, plan))
            return true;
        ImageView input = plan.Image(node.Inputs[0])!;
        ImageView? residual = operation.Residual is { } r ? plan.Image(r) : null;
        var layer = new ConvolutionLayer(
            node.Name,
            input,
            plan.NewImage(operation.Output),
            residual,
            window,
            operation.Low,
            operation.High,
            plan.Known.Macs(node)
        );
        Add(operation, conv, bias, layer, w, plan);
        return true;
    }

    private static void Add(
        Operation operation,
        Operators.Conv conv,
        string? bias,
        ConvolutionLayer layer,
        Shape w,
        PlanBuilder plan
    )
    {
        var (widest, threads) = (plan.Options.Width, plan.Options.Threads);
        bool pairs = WinogradConvolution.TakesPairs(layer, w[0], w[1], widest);
        VectorWidth tiles = WidthFor(widest, w[0] / conv.Group),
            read = WidthFor(widest, w[1]),
            written = WidthFor(widest, w[0]);
        var weights = new FoldedWeights(operation, conv.Group, bias, plan.Known);
        string name = weights.Key,
            reason = Int8Layers.WhyDense(operation, plan);
        if (reason.Length == 0)
            reason = CompressedKernelRules.WhyDense(
                plan.Known.Encoding(operation.Node.Inputs[1]),
                layer.Window.IsWinograd && conv.Group == 1
            );
        Stage Depthwise() =>
            new DepthwiseConvolution(
                layer,
                plan.Weights.Get(name, "depthwise", () => new DepthwiseFilters(weights.Weight, weights.Bias)),
                widest,
                threads
            )
            {
                Name = layer.Name,
                Kernel = "depthwise",
                Reason = reason,
                Macs = layer.Macs,
            };
        Stage Winograd() =>
            new WinogradConvolution(
                layer,
                plan.Weights.Get(name, pairs ? "winograd, in pairs" : "winograd", () =>
                    new WinogradFilters(weights.Weight, weights.Bias, written, pairs)
                ),
                read,
                written,
                threads
            )
            {
                Name = layer.Name,
                Kernel = "winograd",
                Reason = reason,
                Macs = layer.Macs,
            };
        Stage Direct() =>
            new TiledConvolution(
                layer,
                plan.Weights.Get(name, "direct", () =>
                    new TiledFilters(weights.Weight, weights.Bias, conv.Group, tiles)
                ),
                tiles,
                threads
            )
            {
                Name = layer.Name,
                Kernel = "direct",
                Reason = reason,
                Macs = layer.Macs,
            };
        if (conv.Group > 1 && w[1] == 1 && w[0] == conv.Group)
            plan.Add(Depthwise());
        else if (conv.Group != 1 || !layer.Window.IsWinograd || !AreWhole([w[1]], read) || !AreWhole([w[0]], written))
            plan.Add(Direct());
        else
            plan.Add(operation.Node, Winograd, Direct);
    }

    /// <summary>
    /// Vectors of half the width where channels fill those, and not whole ones: the wide would be part empty.
    /// </summary>
    private static VectorWidth WidthFor(VectorWidth widest, params ReadOnlySpan<int> channels)
    {
        var half = (VectorWidth)((int)widest / 2);
        return widest > VectorWidth.V128 && !AreWhole(channels, widest) && AreWhole(channels, half) ? half : widest;
    }

    private static bool AreWhole(ReadOnlySpan<int> channels, VectorWidth width)
    {
        foreach (int count in channels)
            if (count % (int)width != 0)
                return false;
        return true;
    }
}

/// <summary>
/// The filters and bias of a convolution with the normalization after it multiplied in, computed when they are asked
/// for.
/// </summary>
internal sealed class FoldedWeights
{
    private readonly Lazy<(Encoding Filters, float[] Bias)> folded;

    public FoldedWeights(Operation operation, int groups, string? bias, KnownValues known)
    {
        string weight = operation.Node.Inputs[1];
        float? epsilon = (operation.Normalization?.Operator as Operators.BatchNormalization)?.Epsilon;
        string normalization = operation.Normalization is { } n ? string.Join('\n', n.Inputs) : "";
        Key = $"{weight}\n{bias}\n{groups}\n{epsilon}\n{normalization}";
        folded = new(() =>
            Fold(
                known.Encoding(weight) ?? new DenseEncoding(known.Constant(weight)!),
                bias is null ? null : known.Constant(bias)!.Array<float>(),
                operation.Normalization,
                known
            )
        );
    }

    /// <summary>What tells these weights from others of the model.</summary>
    public string Key { get; }

    /// <summary>The filters as they are held.</summary>
    public Encoding Filters => folded.Value.Filters;

    /// <summary>The filters' numbers, decoded at each call.</summary>
    public Tensor Weight => Filters.Decode();

    /// <summary>The bias; empty for none.</summary>
    public float[] Bias => folded.Value.Bias;

    private static (Encoding, float[]) Fold(Encoding weight, float[]? bias, Node? normalization, KnownValues known)
    {
        if (normalization is null)
            return (weight, bias ?? []);
        var (scale, shift) = Normalizations.ScaleAndShift(normalization, known);
        float[] w = [.. weight.Decode().Span<float>()];
        int perFilter = w.Length / scale.Length;
        for (int i = 0; i < w.Length; i++)
            w[i] *= scale[i / perFilter];
        for (int o = 0; o < shift.Length; o++)
            shift[o] += bias is null ? 0 : bias[o] * scale[o];
        return (new DenseEncoding(Tensor.Of(weight.Shape, w)), shift);
    }
}
