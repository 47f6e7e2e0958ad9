using Decant.Torch;

namespace Decant.Training.Operators;

internal static class CastLike
{
    public static TorchTensor Run(TorchInputs x) => Casting.To(x[0], x.Types[1]);
}
