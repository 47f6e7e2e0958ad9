using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>The greatest and least over axes; of nothing, the least and greatest number there is.</summary>
internal static class Extremes
{
    public static TorchTensor Max(Reduction op, TorchInputs x) => Reducing.Run(op, x, Ops.Max, Least(x));

    public static TorchTensor Min(Reduction op, TorchInputs x) => Reducing.Run(op, x, Ops.Min, Greatest(x));

    private static double Least(TorchInputs x) => x[0].IsFloat() ? double.NegativeInfinity : Range(x).Least;

    private static double Greatest(TorchInputs x) => x[0].IsFloat() ? double.PositiveInfinity : Range(x).Greatest;

    private static (double Least, double Greatest) Range(TorchInputs x) => x.Types[0] switch
    {
        Core.ElementType.Bool => (0, 1),
        Core.ElementType.Int64 => (long.MinValue, long.MaxValue),
        Core.ElementType.UInt64 => (0, long.MaxValue),
        var type => type.IntegerRange(),
    };
}
