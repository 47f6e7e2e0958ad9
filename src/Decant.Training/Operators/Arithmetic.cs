using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Add
{
    public static TorchTensor Run(TorchInputs x) => x[0].Add(x[1]);
}

internal static class Sub
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sub(x[1]);
}

internal static class Mul
{
    public static TorchTensor Run(TorchInputs x) => x[0].Mul(x[1]);
}

internal static class Div
{
    private static readonly TorchOp DivMode = new("aten::div.Tensor_mode");

    /// <summary>ONNX divides integers toward zero.</summary>
    public static TorchTensor Run(TorchInputs x) =>
        x[0].Type is TorchType.Float32 or TorchType.Float64 or TorchType.Float16
            ? x[0].Div(x[1])
            : DivMode.Call(x[0], x[1], "trunc");
}

internal static class Mod
{
    private static readonly TorchOp Fmod = new("aten::fmod.Tensor");
    private static readonly TorchOp Remainder = new("aten::remainder.Tensor");

    public static TorchKernel Make(Op.Mod op) => x => (op.Truncated ? Fmod : Remainder).Call(x[0], x[1]);
}

internal static class Pow
{
    public static TorchTensor Run(TorchInputs x) =>
        x[1].IsFloat() || x[0].IsFloat()
            ? x[0].AsFloat(a => a.Pow(x[1].To(a.Type)))
            : x[0].To(TorchType.Int64).Pow(x[1].To(TorchType.Int64)).To(x[0].Type);
}

/// <summary>The greatest and least over axes; of nothing, the least and greatest number there is.</summary>
internal static class Extremes
{
    public static TorchTensor Max(Op.Reduction op, TorchInputs x) => Reducing.Run(op, x, Ops.Max, Least(x));

    public static TorchTensor Min(Op.Reduction op, TorchInputs x) => Reducing.Run(op, x, Ops.Min, Greatest(x));

    private static double Least(TorchInputs x) => x[0].IsFloat() ? double.NegativeInfinity : Range(x).Least;

    private static double Greatest(TorchInputs x) => x[0].IsFloat() ? double.PositiveInfinity : Range(x).Greatest;

    private static (double Least, double Greatest) Range(TorchInputs x) =>
        x.Types[0] switch
        {
            Core.ElementType.Bool => (0, 1),
            Core.ElementType.Int64 => (long.MinValue, long.MaxValue),
            Core.ElementType.UInt64 => (0, long.MaxValue),
            var type => type.IntegerRange(),
        };
}

internal static class Max
{
    public static TorchTensor Run(TorchInputs x) => x.Fold(Ops.Maximum);
}

internal static class Min
{
    public static TorchTensor Run(TorchInputs x) => x.Fold(Ops.Minimum);
}

internal static class Mean
{
    public static TorchTensor Run(TorchInputs x) => x.Fold(Ops.Add).Quotient(x.Count);
}

internal static class Sum
{
    public static TorchTensor Run(TorchInputs x) => x.Fold(Ops.Add);
}
