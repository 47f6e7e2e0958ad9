using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class RNN
{
    public static TorchKernel Make(Op.RNN op) => x => Recurrence.Run(op, x, (d, weights, bias) => (gates, h, _) =>
        (gates.Add(h.Linear(weights, bias)).Activate(op, d, 0), null));
}
