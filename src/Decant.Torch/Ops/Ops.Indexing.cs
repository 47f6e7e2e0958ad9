namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp IndexSelectOp = new("aten::index_select");

    /// <summary>The slices of a dimension that the Int64 (or Int32) vector names, in its order.</summary>
    public static TorchTensor IndexSelect(this TorchTensor x, int dimension, TorchTensor index) =>
        IndexSelectOp.Call(x, dimension, index);

    private static readonly TorchOp IndexCopyOp = new("aten::index_copy");

    /// <summary>x with the slices that index names replaced by those of source.</summary>
    public static TorchTensor IndexCopy(this TorchTensor x, int dimension, TorchTensor index, TorchTensor source) =>
        IndexCopyOp.Call(x, dimension, index, source);

    private static readonly TorchOp IndexAddOp = new("aten::index_add");

    /// <summary>x with the slices of source added where index says.</summary>
    public static TorchTensor IndexAdd(this TorchTensor x, int dimension, TorchTensor index, TorchTensor source) =>
        IndexAddOp.Call(x, dimension, index, source);

    private static readonly TorchOp IndexAddInPlace = new("aten::index_add_");

    /// <summary>Adds the slices of source to x where index says, in place.</summary>
    public static void IndexAdd_(this TorchTensor x, int dimension, TorchTensor index, TorchTensor source) =>
        IndexAddInPlace.Run(x, dimension, index, source);

    private static readonly TorchOp IndexOp = new("aten::index.Tensor");

    /// <summary>x[i₀, i₁, …] with one index or mask tensor a dimension; null takes the dimension whole.</summary>
    public static TorchTensor Index(this TorchTensor x, params TorchTensor?[] indices) => IndexOp.Call(x, indices);

    private static readonly TorchOp IndexPutInPlace = new("aten::index_put_");

    /// <summary>x[i₀, i₁, …] = values (or += if accumulate), in place.</summary>
    public static void IndexPut_(
        this TorchTensor x,
        TorchTensor?[] indices,
        TorchTensor values,
        bool accumulate = false
    ) => IndexPutInPlace.Run(x, indices, values, accumulate);

    private static readonly TorchOp GatherOp = new("aten::gather");

    /// <summary>Along a dimension, the elements at the positions in index (Int64, of the result's sizes).</summary>
    public static TorchTensor Gather(this TorchTensor x, int dimension, TorchTensor index) =>
        GatherOp.Call(x, dimension, index);

    private static readonly TorchOp ScatterOp = new("aten::scatter.src");

    /// <summary>x with the elements at the positions in index replaced by those of source.</summary>
    public static TorchTensor Scatter(this TorchTensor x, int dimension, TorchTensor index, TorchTensor source) =>
        ScatterOp.Call(x, dimension, index, source);

    private static readonly TorchOp ScatterAddOp = new("aten::scatter_add");

    /// <summary>x with the elements of source added at the positions in index.</summary>
    public static TorchTensor ScatterAdd(this TorchTensor x, int dimension, TorchTensor index, TorchTensor source) =>
        ScatterAddOp.Call(x, dimension, index, source);

    private static readonly TorchOp EmbeddingOp = new("aten::embedding");

    /// <summary>The rows of weight that indices name.</summary>
    public static TorchTensor Embedding(TorchTensor weight, TorchTensor indices) => EmbeddingOp.Call(weight, indices);

    private static readonly TorchOp TopKOp = new("aten::topk");

    /// <summary>The k largest (or smallest) of a dimension in order, and their positions.</summary>
    public static (TorchTensor Values, TorchTensor Indices) TopK(
        this TorchTensor x,
        long k,
        int dimension = -1,
        bool largest = true
    ) => Pair(TopKOp.CallMany(x, k, dimension, largest, true));

    private static readonly TorchOp SortOp = new("aten::sort");

    /// <summary>A dimension in order, and the positions its elements came from.</summary>
    public static (TorchTensor Values, TorchTensor Indices) Sort(
        this TorchTensor x,
        int dimension = -1,
        bool descending = false
    ) => Pair(SortOp.CallMany(x, dimension, descending));

    private static (TorchTensor, TorchTensor) Pair(TorchTensor?[] results) => (results[0]!, results[1]!);
}
