using Decant.Runtime.Forms;
using Decant.Runtime.Forms.Codebook;
using Decant.Runtime.Forms.Sparse;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans convolutions by the weights that are not zero, where those are few.</summary>
internal static class SparseLayers
{
    /// <summary>Adds the stage of a sparse convolution; false if it would not pay.</summary>
    public static bool TryAdd(
        Operation operation,
        Operators.Conv conv,
        string? bias,
        ImageWindow window,
        PlanBuilder plan
    )
    {
        string weight = operation.Node.Inputs[1];
        if (
            operation.Residual is not null
            || operation.High < float.PositiveInfinity
            || operation.Low is not (0 or float.NegativeInfinity)
            || plan.Known.Encoding(weight) is not { } encoding
            || !Density.PaysInConvolution(encoding, window.IsWinograd && conv.Group == 1)
        )
            return false;
        Shape x = plan.Known.FloatShape(operation.Node.Inputs[0])!.Value;
        var weights = new FoldedWeights(operation, conv.Group, bias, plan.Known);
        SparseConvolution sparse = plan.Weights.Get(
            weights.Key,
            $"sparse over {x} by {window} relu {operation.Low}",
            () => Make(weights, PlanOf(window, conv, x), operation.Low == 0)
        );
        PlanBuffer input = plan.Plain(operation.Node.Inputs[0])!;
        plan.Add(
            new SparsePlanes(input, plan.NewPlain(operation.Output), x[0], sparse, plan.Options.Width)
            {
                Name = operation.Node.Name,
                Form = "sparse",
                Macs = plan.Known.Macs(operation.Node),
            }
        );
        return true;
    }

    private static SparseConvolution Make(FoldedWeights weights, SparsePlan plan, bool relu)
    {
        SparseRows rows = SparseRows.Of(weights.Filters);
        return new SparseConvolution(
            rows,
            plan.Fitted(rows.Values.Length),
            new Finish(weights.Bias.Length == 0 ? null : weights.Bias, relu)
        );
    }

    private static SparsePlan PlanOf(ImageWindow w, Operators.Conv conv, Shape x) =>
        new SparsePlan
        {
            Channels = x[1],
            Groups = conv.Group,
            InputHeight = x.Rank == 4 ? x[2] : 1,
            InputWidth = x[-1],
            KernelHeight = w.Height,
            KernelWidth = w.Width,
            StrideY = w.StrideY,
            StrideX = w.StrideX,
            DilationY = w.DilationY,
            DilationX = w.DilationX,
            Top = w.Padding.Top,
            Left = w.Padding.Left,
            Bottom = w.Padding.Bottom,
            Right = w.Padding.Right,
        }.Check();
}

/// <summary>
/// Whether so few of a weight's numbers are not zero that multiplying by those alone is faster. A number in a sparse
/// product costs as much as a dozen in a dense one whose weights are in the cache, and as much as three whose weights
/// must come from memory.
/// </summary>
internal static class Density
{
    private const double InCache = 0.08,
        FromMemory = 0.3,
        Convolution = 0.3,
        Winograd = 0.1;
    private const long CacheNumbers = 6 << 20,
        NearNumbers = 256 << 10;

    /// <summary>Whether a fully connected layer is computed by its non-zero weights.</summary>
    public static bool PaysInProduct(Encoding weight) =>
        weight.NonZeros < (weight.Shape.Count > CacheNumbers ? FromMemory : InCache) * weight.Shape.Count;

    /// <summary>
    /// Whether a sparse weight is so small that zeros stored beside its numbers cost less than picking inputs one by
    /// one.
    /// </summary>
    public static bool FitsWindows(Encoding weight) => weight.Shape.Count <= 2 * NearNumbers;

    /// <summary>Whether a sparse product is worth timing.</summary>
    public static bool MayPay(Encoding weight) => weight.NonZeros < weight.Shape.Count / 2;

    /// <summary>Whether a convolution is computed by its non-zero weights.</summary>
    public static bool PaysInConvolution(Encoding weight, bool insteadOfWinograd) =>
        weight.NonZeros < (insteadOfWinograd ? Winograd : Convolution) * weight.Shape.Count;

    /// <summary>
    /// Whether a fully connected layer of few rows is computed by looking its weights up: floats would have to come
    /// from beyond the nearest caches.
    /// </summary>
    public static bool PaysToLookUp(Encoding weight, int rows, VectorWidth width)
    {
        int entries = weight is CodebookEncoding c ? c.Codebook.Length : 1 << weight.Bits;
        return rows < 4 && weight.Shape.Count > NearNumbers && CodebookProduct.Pays(entries, width);
    }

    /// <summary>
    /// What a report adds where a compressed weight is computed on as floats, because that is faster.
    /// </summary>
    public static string Expanded(Encoding? weight) =>
        weight is null or DenseEncoding ? "" : $", {weight.Kind} expanded";
}
