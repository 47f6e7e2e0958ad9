using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Functions of one number, as libtorch computes them.</summary>
internal static class ScalarFunctions
{
    private static readonly TorchOp AcosOp = new("aten::acos");
    private static readonly TorchOp AcoshOp = new("aten::acosh");
    private static readonly TorchOp AsinOp = new("aten::asin");
    private static readonly TorchOp AsinhOp = new("aten::asinh");
    private static readonly TorchOp AtanOp = new("aten::atan");
    private static readonly TorchOp AtanhOp = new("aten::atanh");
    private static readonly TorchOp CoshOp = new("aten::cosh");
    private static readonly TorchOp SinhOp = new("aten::sinh");
    private static readonly TorchOp TanOp = new("aten::tan");

    public static TorchTensor Acos(TorchInputs x) => AcosOp.Call(x[0]);

    public static TorchTensor Acosh(TorchInputs x) => AcoshOp.Call(x[0]);

    public static TorchTensor Asin(TorchInputs x) => AsinOp.Call(x[0]);

    public static TorchTensor Asinh(TorchInputs x) => AsinhOp.Call(x[0]);

    public static TorchTensor Atan(TorchInputs x) => AtanOp.Call(x[0]);

    public static TorchTensor Atanh(TorchInputs x) => AtanhOp.Call(x[0]);

    public static TorchTensor Cosh(TorchInputs x) => CoshOp.Call(x[0]);

    public static TorchTensor Sinh(TorchInputs x) => SinhOp.Call(x[0]);

    public static TorchTensor Tan(TorchInputs x) => TanOp.Call(x[0]);
}
