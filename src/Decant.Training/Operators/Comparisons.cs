using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Equal
{
    public static TorchTensor Run(TorchInputs x) => x[0].Eq(x[1]);
}

internal static class Greater
{
    public static TorchTensor Run(TorchInputs x) => x[0].Gt(x[1]);
}

internal static class GreaterOrEqual
{
    public static TorchTensor Run(TorchInputs x) => x[0].Ge(x[1]);
}

internal static class Less
{
    public static TorchTensor Run(TorchInputs x) => x[0].Lt(x[1]);
}

internal static class LessOrEqual
{
    public static TorchTensor Run(TorchInputs x) => x[0].Le(x[1]);
}

internal static class And
{
    private static readonly TorchOp AndOp = new("aten::logical_and");

    public static TorchTensor Run(TorchInputs x) => AndOp.Call(x[0], x[1]);
}

internal static class Or
{
    private static readonly TorchOp OrOp = new("aten::logical_or");

    public static TorchTensor Run(TorchInputs x) => OrOp.Call(x[0], x[1]);
}

internal static class Xor
{
    private static readonly TorchOp XorOp = new("aten::logical_xor");

    public static TorchTensor Run(TorchInputs x) => XorOp.Call(x[0], x[1]);
}

internal static class Not
{
    private static readonly TorchOp NotOp = new("aten::logical_not");

    public static TorchTensor Run(TorchInputs x) => NotOp.Call(x[0]);
}

internal static class Where
{
    public static TorchTensor Run(TorchInputs x) => x[0].Where(x[1], x[2]);
}
