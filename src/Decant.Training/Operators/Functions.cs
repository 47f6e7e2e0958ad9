using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Abs
{
    public static TorchTensor Run(TorchInputs x) => x[0].Abs();
}

internal static class Ceil
{
    public static TorchTensor Run(TorchInputs x) => x[0].Ceil();
}

internal static class Cos
{
    private static readonly TorchOp CosOp = new("aten::cos");

    public static TorchTensor Run(TorchInputs x) => CosOp.Call(x[0]);
}

internal static class Erf
{
    public static TorchTensor Run(TorchInputs x) => x[0].Erf();
}

internal static class Exp
{
    public static TorchTensor Run(TorchInputs x) => x[0].Exp();
}

internal static class Floor
{
    public static TorchTensor Run(TorchInputs x) => x[0].Floor();
}

internal static class Identity
{
    public static TorchTensor Run(TorchInputs x) => x[0];
}

internal static class Log
{
    public static TorchTensor Run(TorchInputs x) => x[0].Log();
}

internal static class Neg
{
    public static TorchTensor Run(TorchInputs x) => x[0].Neg();
}

internal static class Reciprocal
{
    private static readonly TorchOp ReciprocalOp = new("aten::reciprocal");

    public static TorchTensor Run(TorchInputs x) => ReciprocalOp.Call(x[0]);
}

internal static class Round
{
    public static TorchTensor Run(TorchInputs x) => x[0].Round();
}

internal static class Sign
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sign();
}

internal static class Sin
{
    private static readonly TorchOp SinOp = new("aten::sin");

    public static TorchTensor Run(TorchInputs x) => SinOp.Call(x[0]);
}

internal static class Sqrt
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sqrt();
}
