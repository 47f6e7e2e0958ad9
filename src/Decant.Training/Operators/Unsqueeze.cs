using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Unsqueeze
{
    public static TorchTensor Run(TorchInputs x) => x[0].Reshape(Shapes.Sizes(Op.Unsqueeze.Output(Shapes.Of(x[0]), x.Integers(1)!)));
}
