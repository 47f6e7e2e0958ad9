namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp CopyInPlace = new("aten::copy_");

    /// <summary>Overwrites x with source, broadcast and converted.</summary>
    public static void Copy_(this TorchTensor x, TorchTensor source) => CopyInPlace.Run(x, source);

    private static readonly TorchOp FillInPlace = new("aten::fill_.Scalar");

    /// <summary>Overwrites every element with value.</summary>
    public static void Fill_(this TorchTensor x, double value) => FillInPlace.Run(x, value);

    private static readonly TorchOp ZeroInPlace = new("aten::zero_");

    /// <summary>Overwrites every element with zero.</summary>
    public static void Zero_(this TorchTensor x) => ZeroInPlace.Run(x);

    private static readonly TorchOp AddInPlaceT = new("aten::add_.Tensor");

    /// <summary>x += other.</summary>
    public static void Add_(this TorchTensor x, TorchTensor other) => AddInPlaceT.Run(x, other);

    /// <summary>x += alpha·other.</summary>
    public static void Add_(this TorchTensor x, TorchTensor other, double alpha) => AddInPlaceT.Run(x, other, alpha);

    private static readonly TorchOp AddInPlace = new("aten::add_.Scalar");

    /// <summary>x += value.</summary>
    public static void Add_(this TorchTensor x, double value) => AddInPlace.Run(x, value);

    private static readonly TorchOp SubInPlaceT = new("aten::sub_.Tensor");

    /// <summary>x −= other.</summary>
    public static void Sub_(this TorchTensor x, TorchTensor other) => SubInPlaceT.Run(x, other);

    private static readonly TorchOp MulInPlaceT = new("aten::mul_.Tensor");

    /// <summary>x *= other.</summary>
    public static void Mul_(this TorchTensor x, TorchTensor other) => MulInPlaceT.Run(x, other);

    private static readonly TorchOp MulInPlace = new("aten::mul_.Scalar");

    /// <summary>x *= value.</summary>
    public static void Mul_(this TorchTensor x, double value) => MulInPlace.Run(x, value);

    private static readonly TorchOp DivInPlaceT = new("aten::div_.Tensor");

    /// <summary>x /= other.</summary>
    public static void Div_(this TorchTensor x, TorchTensor other) => DivInPlaceT.Run(x, other);

    private static readonly TorchOp DivInPlace = new("aten::div_.Scalar");

    /// <summary>x /= value.</summary>
    public static void Div_(this TorchTensor x, double value) => DivInPlace.Run(x, value);

    private static readonly TorchOp AddCMulInPlace = new("aten::addcmul_");

    /// <summary>x += value·a·b.</summary>
    public static void AddCMul_(this TorchTensor x, TorchTensor a, TorchTensor b, double value = 1) =>
        AddCMulInPlace.Run(x, a, b, value);

    private static readonly TorchOp AddCDivInPlace = new("aten::addcdiv_");

    /// <summary>x += value·a/b.</summary>
    public static void AddCDiv_(this TorchTensor x, TorchTensor a, TorchTensor b, double value = 1) =>
        AddCDivInPlace.Run(x, a, b, value);

    private static readonly TorchOp LerpInPlace = new("aten::lerp_.Scalar");

    /// <summary>x += weight·(end − x).</summary>
    public static void Lerp_(this TorchTensor x, TorchTensor end, double weight) => LerpInPlace.Run(x, end, weight);

    private static readonly TorchOp ClampInPlace = new("aten::clamp_");

    /// <summary>x held between min and max.</summary>
    public static void Clamp_(this TorchTensor x, double min, double max) => ClampInPlace.Run(x, min, max);

    private static readonly TorchOp MaskedFillInPlace = new("aten::masked_fill_.Scalar");

    /// <summary>Overwrites with value wherever the Boolean mask holds.</summary>
    public static void MaskedFill_(this TorchTensor x, TorchTensor mask, double value) =>
        MaskedFillInPlace.Run(x, mask, value);

    private static readonly TorchOp UniformInPlace = new("aten::uniform_", draws: true);

    /// <summary>Overwrites with uniform draws from [low, high).</summary>
    public static void Uniform_(this TorchTensor x, double low = 0, double high = 1) =>
        UniformInPlace.Run(x, low, high);

    private static readonly TorchOp NormalInPlace = new("aten::normal_", draws: true);

    /// <summary>Overwrites with normal draws.</summary>
    public static void Normal_(this TorchTensor x, double mean = 0, double deviation = 1) =>
        NormalInPlace.Run(x, mean, deviation);

    private static readonly TorchOp BernoulliInPlace = new("aten::bernoulli_.float", draws: true);

    /// <summary>Overwrites with 1 with the given probability, else 0.</summary>
    public static void Bernoulli_(this TorchTensor x, double probability = 0.5) => BernoulliInPlace.Run(x, probability);
}
