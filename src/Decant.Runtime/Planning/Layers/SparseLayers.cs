using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Codebook;
using Decant.Runtime.CompressedKernels.Sparse;
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
            || !CompressedKernelRules.PaysInConvolution(encoding, window.IsWinograd && conv.Group == 1)
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
                Kernel = "sparse",
                Macs = plan.Known.Macs(operation.Node),
            }
        );
        return true;
    }

    private static SparseConvolution Make(FoldedWeights weights, SparseConvolutionGeometry plan, bool relu)
    {
        SparseRows rows = SparseRows.Of(weights.Filters);
        return new SparseConvolution(
            rows,
            plan.Fitted(rows.Values.Length),
            new Epilogue(weights.Bias.Length == 0 ? null : weights.Bias, relu)
        );
    }

    private static SparseConvolutionGeometry PlanOf(ImageWindow w, Operators.Conv conv, Shape x) =>
        new SparseConvolutionGeometry
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
internal static class CompressedKernelRules
{
    private const double InCache = 0.08,
        FromMemory = 0.3,
        Convolution = 0.3,
        Winograd = 0.1;
    private const int MostLookUpRows = 4;
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
    public static bool PaysToLookUp(Encoding weight, int rows, VectorWidth width) =>
        rows < MostLookUpRows && weight.Shape.Count > NearNumbers && CodebookProduct.Pays(Entries(weight), width);

    /// <summary>Why a convolution's compressed weight is computed on as floats; empty for one that is dense.</summary>
    public static string WhyDense(Encoding? weight, bool insteadOfWinograd) =>
        weight switch
        {
            null or DenseEncoding => "",
            _ when PaysInConvolution(weight, insteadOfWinograd) =>
                $"{weight.Kind} weights decoded: a sparse convolution adds no residual and clamps at 0 alone",
            SparseEncoding => $"sparse weights decoded: {Percent(weight)} of them are not zero, and a sparse "
                + $"convolution is faster below {100 * (insteadOfWinograd ? Winograd : Convolution):0} %",
            _ => $"{weight.Kind} weights decoded: no convolution kernel computes on their codes",
        };

    /// <summary>Why a product's compressed weight is computed on as floats; empty for one that is dense.</summary>
    public static string WhyDense(Encoding? weight, int rows, VectorWidth width) =>
        weight switch
        {
            null or DenseEncoding => "",
            _ when PaysInProduct(weight) =>
                $"{weight.Kind} weights decoded: a sparse product clamps at 0 alone, or took longer when it was timed",
            SparseEncoding => $"sparse weights decoded: {Percent(weight)} of them are not zero, and a sparse product "
                + $"is faster below {100 * (weight.Shape.Count > CacheNumbers ? FromMemory : InCache):0} %",
            VectorEncoding => $"{weight.Kind} weights decoded: no product kernel computes on their codes",
            _ when Entries(weight) is var entries && !CodebookProduct.Pays(entries, width) =>
                $"{weight.Kind} weights decoded: {entries} entries are slower to look up than floats are to read "
                    + $"with vectors of {32 * (int)width} bits",
            _ when rows >= MostLookUpRows => $"{weight.Kind} weights decoded: {rows} rows read each of them",
            _ when weight.Shape.Count <= NearNumbers => $"{weight.Kind} weights decoded: they fit into the cache",
            _ => $"{weight.Kind} weights decoded: they are not stored output by output, or the layer's clamp is not "
                + "at 0",
        };

    private static int Entries(Encoding weight) =>
        weight is CodebookEncoding c ? c.Codebook.Length : 1 << Math.Min(weight.Bits, 30);

    private static string Percent(Encoding weight) => $"{100.0 * weight.NonZeros / weight.Shape.Count:0} %";
}
