namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp AbsOp = new("aten::abs");

    /// <summary>|x|.</summary>
    public static TorchTensor Abs(this TorchTensor x) => AbsOp.Call(x);

    private static readonly TorchOp NegOp = new("aten::neg");

    /// <summary>−x.</summary>
    public static TorchTensor Neg(this TorchTensor x) => NegOp.Call(x);

    private static readonly TorchOp SqrtOp = new("aten::sqrt");

    /// <summary>√x.</summary>
    public static TorchTensor Sqrt(this TorchTensor x) => SqrtOp.Call(x);

    private static readonly TorchOp RsqrtOp = new("aten::rsqrt");

    /// <summary>1/√x.</summary>
    public static TorchTensor Rsqrt(this TorchTensor x) => RsqrtOp.Call(x);

    private static readonly TorchOp ExpOp = new("aten::exp");

    /// <summary>eˣ.</summary>
    public static TorchTensor Exp(this TorchTensor x) => ExpOp.Call(x);

    private static readonly TorchOp LogOp = new("aten::log");

    /// <summary>ln x.</summary>
    public static TorchTensor Log(this TorchTensor x) => LogOp.Call(x);

    private static readonly TorchOp Log2Op = new("aten::log2");

    /// <summary>log₂ x.</summary>
    public static TorchTensor Log2(this TorchTensor x) => Log2Op.Call(x);

    private static readonly TorchOp SignOp = new("aten::sign");

    /// <summary>−1, 0 or 1.</summary>
    public static TorchTensor Sign(this TorchTensor x) => SignOp.Call(x);

    private static readonly TorchOp RoundOp = new("aten::round");

    /// <summary>The nearest integer, halves to even.</summary>
    public static TorchTensor Round(this TorchTensor x) => RoundOp.Call(x);

    private static readonly TorchOp FloorOp = new("aten::floor");

    /// <summary>The largest integer not above x.</summary>
    public static TorchTensor Floor(this TorchTensor x) => FloorOp.Call(x);

    private static readonly TorchOp CeilOp = new("aten::ceil");

    /// <summary>The smallest integer not below x.</summary>
    public static TorchTensor Ceil(this TorchTensor x) => CeilOp.Call(x);

    private static readonly TorchOp ReluOp = new("aten::relu");

    /// <summary>max(x, 0).</summary>
    public static TorchTensor Relu(this TorchTensor x) => ReluOp.Call(x);

    private static readonly TorchOp SigmoidOp = new("aten::sigmoid");

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static TorchTensor Sigmoid(this TorchTensor x) => SigmoidOp.Call(x);

    private static readonly TorchOp TanhOp = new("aten::tanh");

    /// <summary>The hyperbolic tangent.</summary>
    public static TorchTensor Tanh(this TorchTensor x) => TanhOp.Call(x);

    private static readonly TorchOp HardSwishOp = new("aten::hardswish");

    /// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
    public static TorchTensor HardSwish(this TorchTensor x) => HardSwishOp.Call(x);

    private static readonly TorchOp HardSigmoidOp = new("aten::hardsigmoid");

    /// <summary>min(max(x + 3, 0), 6)/6.</summary>
    public static TorchTensor HardSigmoid(this TorchTensor x) => HardSigmoidOp.Call(x);

    private static readonly TorchOp SiluOp = new("aten::silu");

    /// <summary>x·sigmoid(x).</summary>
    public static TorchTensor Silu(this TorchTensor x) => SiluOp.Call(x);

    private static readonly TorchOp ErfOp = new("aten::erf");

    /// <summary>The error function.</summary>
    public static TorchTensor Erf(this TorchTensor x) => ErfOp.Call(x);

    private static readonly TorchOp GeluOp = new("aten::gelu");

    /// <summary>x·Φ(x), exactly, or by its tanh approximation.</summary>
    public static TorchTensor Gelu(this TorchTensor x, bool tanhApproximation = false) =>
        GeluOp.Call(x, tanhApproximation ? "tanh" : "none");

    private static readonly TorchOp LeakyReluOp = new("aten::leaky_relu");

    /// <summary>x where positive, else slope·x.</summary>
    public static TorchTensor LeakyRelu(this TorchTensor x, double slope = 0.01) => LeakyReluOp.Call(x, slope);

    private static readonly TorchOp EluOp = new("aten::elu");

    /// <summary>x where positive, else alpha·(eˣ − 1).</summary>
    public static TorchTensor Elu(this TorchTensor x, double alpha = 1) => EluOp.Call(x, alpha);

    private static readonly TorchOp PReluOp = new("aten::prelu");

    /// <summary>x where positive, else weight·x; weight holds one number, or one a channel.</summary>
    public static TorchTensor PRelu(this TorchTensor x, TorchTensor weight) => PReluOp.Call(x, weight);

    private static readonly TorchOp PowScalar = new("aten::pow.Tensor_Scalar");

    /// <summary>x to the given power.</summary>
    public static TorchTensor Pow(this TorchTensor x, double exponent) => PowScalar.Call(x, exponent);

    private static readonly TorchOp PowTensor = new("aten::pow.Tensor_Tensor");

    /// <summary>x to the given powers, broadcast.</summary>
    public static TorchTensor Pow(this TorchTensor x, TorchTensor exponent) => PowTensor.Call(x, exponent);

    private static readonly TorchOp ClampOp = new("aten::clamp");

    /// <summary>x held between the bounds given; at least one must be.</summary>
    public static TorchTensor Clamp(this TorchTensor x, double? min = null, double? max = null) =>
        ClampOp.Call(x, min is { } low ? low : TorchValue.None, max is { } high ? high : TorchValue.None);

    private static readonly TorchOp MaximumOp = new("aten::maximum");

    /// <summary>The larger of each pair, broadcast.</summary>
    public static TorchTensor Maximum(this TorchTensor a, TorchTensor b) => MaximumOp.Call(a, b);

    private static readonly TorchOp MinimumOp = new("aten::minimum");

    /// <summary>The smaller of each pair, broadcast.</summary>
    public static TorchTensor Minimum(this TorchTensor a, TorchTensor b) => MinimumOp.Call(a, b);

    private static readonly TorchOp WhereOp = new("aten::where.self");

    /// <summary>a where the Boolean condition holds, else b, broadcast.</summary>
    public static TorchTensor Where(this TorchTensor condition, TorchTensor a, TorchTensor b) =>
        WhereOp.Call(condition, a, b);

    private static readonly TorchOp MaskedFillOp = new("aten::masked_fill.Scalar");

    /// <summary>x with value wherever the Boolean mask holds.</summary>
    public static TorchTensor MaskedFill(this TorchTensor x, TorchTensor mask, double value) =>
        MaskedFillOp.Call(x, mask, value);

    private static readonly TorchOp EqTensor = new("aten::eq.Tensor");

    /// <summary>Whether a = b, element by element, broadcast.</summary>
    public static TorchTensor Eq(this TorchTensor a, TorchTensor b) => EqTensor.Call(a, b);

    private static readonly TorchOp GtTensor = new("aten::gt.Tensor");

    /// <summary>Whether a &gt; b, element by element, broadcast.</summary>
    public static TorchTensor Gt(this TorchTensor a, TorchTensor b) => GtTensor.Call(a, b);

    private static readonly TorchOp GeTensor = new("aten::ge.Tensor");

    /// <summary>Whether a ≥ b, element by element, broadcast.</summary>
    public static TorchTensor Ge(this TorchTensor a, TorchTensor b) => GeTensor.Call(a, b);

    private static readonly TorchOp LtTensor = new("aten::lt.Tensor");

    /// <summary>Whether a &lt; b, element by element, broadcast.</summary>
    public static TorchTensor Lt(this TorchTensor a, TorchTensor b) => LtTensor.Call(a, b);

    private static readonly TorchOp LeTensor = new("aten::le.Tensor");

    /// <summary>Whether a ≤ b, element by element, broadcast.</summary>
    public static TorchTensor Le(this TorchTensor a, TorchTensor b) => LeTensor.Call(a, b);

    private static readonly TorchOp EqScalar = new("aten::eq.Scalar");

    /// <summary>Whether a = b, element by element.</summary>
    public static TorchTensor Eq(this TorchTensor a, double b) => EqScalar.Call(a, b);

    private static readonly TorchOp GtScalar = new("aten::gt.Scalar");

    /// <summary>Whether a &gt; b, element by element.</summary>
    public static TorchTensor Gt(this TorchTensor a, double b) => GtScalar.Call(a, b);

    private static readonly TorchOp GeScalar = new("aten::ge.Scalar");

    /// <summary>Whether a ≥ b, element by element.</summary>
    public static TorchTensor Ge(this TorchTensor a, double b) => GeScalar.Call(a, b);

    private static readonly TorchOp LtScalar = new("aten::lt.Scalar");

    /// <summary>Whether a &lt; b, element by element.</summary>
    public static TorchTensor Lt(this TorchTensor a, double b) => LtScalar.Call(a, b);

    private static readonly TorchOp LeScalar = new("aten::le.Scalar");

    /// <summary>Whether a ≤ b, element by element.</summary>
    public static TorchTensor Le(this TorchTensor a, double b) => LeScalar.Call(a, b);
}
