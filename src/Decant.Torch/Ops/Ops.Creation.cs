namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp ZerosOp = new("aten::zeros");

    /// <summary>Zeros of the sizes given, on the device of the <see cref="TorchRun"/> or the device named.</summary>
    public static TorchTensor Zeros(long[] sizes, TorchType type = TorchType.Float32, string? device = null) =>
        ZerosOp.Call(sizes, type, TorchValue.None, device);

    private static readonly TorchOp OnesOp = new("aten::ones");

    /// <summary>Ones of the sizes given.</summary>
    public static TorchTensor Ones(long[] sizes, TorchType type = TorchType.Float32, string? device = null) =>
        OnesOp.Call(sizes, type, TorchValue.None, device);

    private static readonly TorchOp EmptyOp = new("aten::empty.memory_format");

    /// <summary>Elements of no particular value.</summary>
    public static TorchTensor Empty(long[] sizes, TorchType type = TorchType.Float32, string? device = null) =>
        EmptyOp.Call(sizes, type, TorchValue.None, device);

    private static readonly TorchOp FullOp = new("aten::full");

    /// <summary>One value everywhere.</summary>
    public static TorchTensor Full(
        long[] sizes,
        double value,
        TorchType type = TorchType.Float32,
        string? device = null
    ) => FullOp.Call(sizes, value, type, TorchValue.None, device);

    private static readonly TorchOp RandnOp = new("aten::randn", draws: true);

    /// <summary>Draws from the standard normal distribution.</summary>
    public static TorchTensor Randn(long[] sizes, TorchType type = TorchType.Float32, string? device = null) =>
        RandnOp.Call(sizes, type, TorchValue.None, device);

    private static readonly TorchOp RandOp = new("aten::rand", draws: true);

    /// <summary>Uniform draws from [0, 1).</summary>
    public static TorchTensor Rand(long[] sizes, TorchType type = TorchType.Float32, string? device = null) =>
        RandOp.Call(sizes, type, TorchValue.None, device);

    private static readonly TorchOp RandPermOp = new("aten::randperm", draws: true);

    /// <summary>A random order of 0 … count − 1 (Int64).</summary>
    public static TorchTensor RandPerm(long count) => RandPermOp.Call(count);

    private static readonly TorchOp ArangeOp = new("aten::arange.start_step");

    /// <summary>start, start + step, … below end.</summary>
    public static TorchTensor Arange(long start, long end, long step = 1, TorchType type = TorchType.Int64) =>
        ArangeOp.Call(start, end, step, type);

    private static readonly TorchOp ZerosLikeOp = new("aten::zeros_like");

    /// <summary>Zeros of x's type, sizes and device.</summary>
    public static TorchTensor ZerosLike(this TorchTensor x) => ZerosLikeOp.Call(x);

    private static readonly TorchOp OnesLikeOp = new("aten::ones_like");

    /// <summary>Ones of x's type, sizes and device.</summary>
    public static TorchTensor OnesLike(this TorchTensor x) => OnesLikeOp.Call(x);

    private static readonly TorchOp RandnLikeOp = new("aten::randn_like", draws: true);

    /// <summary>Standard normal draws of x's type, sizes and device.</summary>
    public static TorchTensor RandnLike(this TorchTensor x) => RandnLikeOp.Call(x);

    private static readonly TorchOp BernoulliOp = new("aten::bernoulli", draws: true);

    /// <summary>1 with the probability that x holds, else 0.</summary>
    public static TorchTensor Bernoulli(this TorchTensor x) => BernoulliOp.Call(x);
}
