namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp ReshapeOp = new("aten::reshape");

    /// <summary>The elements with other sizes, of which one may be −1; a view where it can be.</summary>
    public static TorchTensor Reshape(this TorchTensor x, params long[] sizes) => ReshapeOp.Call(x, sizes);

    private static readonly TorchOp ViewOp = new("aten::view");

    /// <summary>A view with other sizes; fails where that would need a copy.</summary>
    public static TorchTensor View(this TorchTensor x, params long[] sizes) => ViewOp.Call(x, sizes);

    private static readonly TorchOp FlattenOp = new("aten::flatten.using_ints");

    /// <summary>Joins the dimensions from first to last into one.</summary>
    public static TorchTensor Flatten(this TorchTensor x, int first = 1, int last = -1) =>
        FlattenOp.Call(x, first, last);

    private static readonly TorchOp TransposeOp = new("aten::transpose.int");

    /// <summary>A view with two dimensions exchanged.</summary>
    public static TorchTensor Transpose(this TorchTensor x, int first, int second) =>
        TransposeOp.Call(x, first, second);

    private static readonly TorchOp PermuteOp = new("aten::permute");

    /// <summary>A view with the dimensions in the order given.</summary>
    public static TorchTensor Permute(this TorchTensor x, params long[] order) => PermuteOp.Call(x, order);

    private static readonly TorchOp ExpandOp = new("aten::expand");

    /// <summary>A view with dimensions of size one repeated; −1 leaves a size.</summary>
    public static TorchTensor Expand(this TorchTensor x, params long[] sizes) => ExpandOp.Call(x, sizes);

    private static readonly TorchOp UnsqueezeOp = new("aten::unsqueeze");

    /// <summary>A view with a dimension of size one put in.</summary>
    public static TorchTensor Unsqueeze(this TorchTensor x, int dimension) => UnsqueezeOp.Call(x, dimension);

    private static readonly TorchOp SqueezeOp = new("aten::squeeze.dim");

    /// <summary>A view without the given dimension, if its size is one.</summary>
    public static TorchTensor Squeeze(this TorchTensor x, int dimension) => SqueezeOp.Call(x, dimension);

    private static readonly TorchOp CatOp = new("aten::cat");

    /// <summary>The tensors one after the other along a dimension.</summary>
    public static TorchTensor Cat(TorchTensor[] tensors, int dimension) => CatOp.Call(tensors, dimension);

    private static readonly TorchOp StackOp = new("aten::stack");

    /// <summary>The tensors side by side along a new dimension.</summary>
    public static TorchTensor Stack(TorchTensor[] tensors, int dimension) => StackOp.Call(tensors, dimension);

    private static readonly TorchOp SplitOp = new("aten::split_with_sizes");

    /// <summary>Views of the parts of the sizes given along a dimension.</summary>
    public static TorchTensor[] Split(this TorchTensor x, long[] sizes, int dimension) =>
        SplitOp.CallMany(x, sizes, dimension)!;

    private static readonly TorchOp SliceOp = new("aten::slice.Tensor");

    /// <summary>
    /// A view of [start, end) by step along a dimension; negative bounds count from the end, bounds outside are cut.
    /// </summary>
    public static TorchTensor Slice(this TorchTensor x, int dimension, long start, long end, long step = 1) =>
        SliceOp.Call(x, dimension, start, end, step);

    private static readonly TorchOp SelectOp = new("aten::select.int");

    /// <summary>A view of one index of a dimension, which goes away.</summary>
    public static TorchTensor Select(this TorchTensor x, int dimension, long index) =>
        SelectOp.Call(x, dimension, index);

    private static readonly TorchOp PadOp = new("aten::constant_pad_nd");

    /// <summary>
    /// x with value around it: padding is (before, after) of the last dimension, then of the one before it, and so on;
    /// negative cuts.
    /// </summary>
    public static TorchTensor ConstantPad(this TorchTensor x, long[] padding, double value = 0) =>
        PadOp.Call(x, padding, value);

    private static readonly TorchOp ContiguousOp = new("aten::contiguous");

    /// <summary>The tensor itself if its elements lie in row-major order, else a copy that does.</summary>
    public static TorchTensor Contiguous(this TorchTensor x) => ContiguousOp.Call(x);

    private static readonly TorchOp DetachOp = new("aten::detach");

    /// <summary>A view that autograd does not follow.</summary>
    public static TorchTensor Detach(this TorchTensor x) => DetachOp.Call(x);

    private static readonly TorchOp CloneOp = new("aten::clone");

    /// <summary>A copy that autograd follows.</summary>
    public static TorchTensor Clone(this TorchTensor x) => CloneOp.Call(x);

    private static readonly TorchOp ToTypeOp = new("aten::to.dtype");

    /// <summary>The tensor with another element type; itself if it has it.</summary>
    public static TorchTensor To(this TorchTensor x, TorchType type) => ToTypeOp.Call(x, type);

    private static readonly TorchOp ToDeviceOp = new("aten::to.dtype_layout");

    /// <summary>The tensor on another device, such as <c>cpu</c> or <c>cuda:0</c>; itself if it is there.</summary>
    public static TorchTensor To(this TorchTensor x, string device) =>
        ToDeviceOp.Call(x, TorchValue.None, TorchValue.None, device);
}
