namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp SumAll = new("aten::sum");

    /// <summary>The sum of all elements.</summary>
    public static TorchTensor Sum(this TorchTensor x) => SumAll.Call(x);

    private static readonly TorchOp SumDims = new("aten::sum.dim_IntList");

    /// <summary>The sum over the dimensions given.</summary>
    public static TorchTensor Sum(this TorchTensor x, long[] dimensions, bool keep = false) =>
        SumDims.Call(x, dimensions, keep);

    private static readonly TorchOp MeanAll = new("aten::mean");

    /// <summary>The mean of all elements.</summary>
    public static TorchTensor Mean(this TorchTensor x) => MeanAll.Call(x);

    private static readonly TorchOp MeanDims = new("aten::mean.dim");

    /// <summary>The mean over the dimensions given.</summary>
    public static TorchTensor Mean(this TorchTensor x, long[] dimensions, bool keep = false) =>
        MeanDims.Call(x, dimensions, keep);

    private static readonly TorchOp MaxAll = new("aten::max");

    /// <summary>The largest of all elements.</summary>
    public static TorchTensor Max(this TorchTensor x) => MaxAll.Call(x);

    private static readonly TorchOp MinAll = new("aten::min");

    /// <summary>The smallest of all elements.</summary>
    public static TorchTensor Min(this TorchTensor x) => MinAll.Call(x);

    private static readonly TorchOp AmaxDims = new("aten::amax");

    /// <summary>The largest over the dimensions given.</summary>
    public static TorchTensor Max(this TorchTensor x, long[] dimensions, bool keep = false) =>
        AmaxDims.Call(x, dimensions, keep);

    private static readonly TorchOp AminDims = new("aten::amin");

    /// <summary>The smallest over the dimensions given.</summary>
    public static TorchTensor Min(this TorchTensor x, long[] dimensions, bool keep = false) =>
        AminDims.Call(x, dimensions, keep);

    private static readonly TorchOp ArgMaxOp = new("aten::argmax");

    /// <summary>The position (Int64) of the largest along a dimension.</summary>
    public static TorchTensor ArgMax(this TorchTensor x, int dimension, bool keep = false) =>
        ArgMaxOp.Call(x, dimension, keep);

    private static readonly TorchOp ArgMinOp = new("aten::argmin");

    /// <summary>The position (Int64) of the smallest along a dimension.</summary>
    public static TorchTensor ArgMin(this TorchTensor x, int dimension, bool keep = false) =>
        ArgMinOp.Call(x, dimension, keep);

    private static readonly TorchOp VarDims = new("aten::var.dim");

    /// <summary>The variance over the dimensions given, by n − 1 if unbiased, else by n.</summary>
    public static TorchTensor Variance(
        this TorchTensor x,
        long[] dimensions,
        bool unbiased = true,
        bool keep = false
    ) => VarDims.Call(x, dimensions, unbiased, keep);

    private static readonly TorchOp NormOp = new("aten::norm.Scalar");

    /// <summary>The p-norm of all elements.</summary>
    public static TorchTensor Norm(this TorchTensor x, double p = 2) => NormOp.Call(x, p);

    private static readonly TorchOp CumSumOp = new("aten::cumsum");

    /// <summary>Running sums along a dimension.</summary>
    public static TorchTensor CumSum(this TorchTensor x, int dimension) => CumSumOp.Call(x, dimension);

    private static readonly TorchOp CountOp = new("aten::count_nonzero");

    /// <summary>How many elements are not zero (Int64).</summary>
    public static TorchTensor CountNonZero(this TorchTensor x) => CountOp.Call(x);
}
