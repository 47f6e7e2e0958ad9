using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Pow
{
    public static TorchTensor Run(TorchInputs x) => x[1].IsFloat() || x[0].IsFloat()
        ? x[0].AsFloat(a => a.Pow(x[1].To(a.Type)))
        : x[0].To(TorchType.Int64).Pow(x[1].To(TorchType.Int64)).To(x[0].Type);
}
