using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Squeeze
{
    public static TorchTensor Run(TorchInputs x) => x[0].Reshape(Shapes.Sizes(Op.Squeeze.Output(Shapes.Of(x[0]), x.Integers(1))!.Value));
}
