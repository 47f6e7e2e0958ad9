namespace Decant.Torch;

/// <summary>
/// Typed wrappers of the operators a trainer needs. Each one documents its operator; anything else is one <see
/// cref="TorchOp"/> away.
/// </summary>
public static partial class Ops
{
    private static readonly TorchOp AddTensor = new("aten::add.Tensor");

    /// <summary>a + b, broadcast.</summary>
    public static TorchTensor Add(this TorchTensor a, TorchTensor b) => AddTensor.Call(a, b);

    /// <summary>a + alpha·b, broadcast.</summary>
    public static TorchTensor Add(this TorchTensor a, TorchTensor b, double alpha) => AddTensor.Call(a, b, alpha);

    private static readonly TorchOp AddScalar = new("aten::add.Scalar");

    /// <summary>a + b.</summary>
    public static TorchTensor Add(this TorchTensor a, double b) => AddScalar.Call(a, b);

    private static readonly TorchOp SubTensor = new("aten::sub.Tensor");

    /// <summary>a − b, broadcast.</summary>
    public static TorchTensor Sub(this TorchTensor a, TorchTensor b) => SubTensor.Call(a, b);

    private static readonly TorchOp SubScalar = new("aten::sub.Scalar");

    /// <summary>a − b.</summary>
    public static TorchTensor Sub(this TorchTensor a, double b) => SubScalar.Call(a, b);

    private static readonly TorchOp MulTensor = new("aten::mul.Tensor");

    /// <summary>a · b, element by element, broadcast.</summary>
    public static TorchTensor Mul(this TorchTensor a, TorchTensor b) => MulTensor.Call(a, b);

    private static readonly TorchOp MulScalar = new("aten::mul.Scalar");

    /// <summary>a · b.</summary>
    public static TorchTensor Mul(this TorchTensor a, double b) => MulScalar.Call(a, b);

    private static readonly TorchOp DivTensor = new("aten::div.Tensor");

    /// <summary>a / b, broadcast.</summary>
    public static TorchTensor Div(this TorchTensor a, TorchTensor b) => DivTensor.Call(a, b);

    private static readonly TorchOp DivScalar = new("aten::div.Scalar");

    /// <summary>a / b.</summary>
    public static TorchTensor Div(this TorchTensor a, double b) => DivScalar.Call(a, b);

    private static readonly TorchOp MatMulOp = new("aten::matmul");

    /// <summary>Matrix product, batched over leading dimensions.</summary>
    public static TorchTensor MatMul(this TorchTensor a, TorchTensor b) => MatMulOp.Call(a, b);

    private static readonly TorchOp AddMmOp = new("aten::addmm");

    /// <summary>beta·bias + alpha·(a × b), for matrices.</summary>
    public static TorchTensor AddMm(
        this TorchTensor bias,
        TorchTensor a,
        TorchTensor b,
        double beta = 1,
        double alpha = 1
    ) => AddMmOp.Call(bias, a, b, beta, alpha);

    private static readonly TorchOp LinearOp = new("aten::linear");

    /// <summary>x × weightᵀ + bias; weight is [out, in], bias [out] or null.</summary>
    public static TorchTensor Linear(this TorchTensor x, TorchTensor weight, TorchTensor? bias = null) =>
        LinearOp.Call(x, weight, bias);
}
