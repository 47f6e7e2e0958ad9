using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class GRU
{
    public static TorchKernel Make(Op.GRU op) => x => Recurrence.Run(op, x, (d, weights, bias) =>
    {
        long hidden = weights.Size(1);
        TorchTensor first = weights.Slice(0, 0, 2 * hidden), last = weights.Slice(0, 2 * hidden, 3 * hidden);
        TorchTensor? firstBias = bias?.Slice(0, 0, 2 * hidden), lastBias = bias?.Slice(0, 2 * hidden, 3 * hidden);
        return (gates, h, _) =>
        {
            TorchTensor zr = gates.Slice(1, 0, 2 * hidden).Add(h.Linear(first, firstBias)).Activate(op, d, 0), z = zr.Gate(0, 2), r = zr.Gate(1, 2);
            TorchTensor share = op.LinearBeforeReset ? r.Mul(h.Linear(last, lastBias)) : r.Mul(h).Linear(last, lastBias);
            TorchTensor candidate = gates.Gate(2, 3).Add(share).Activate(op, d, 1);
            return (candidate.Sub(z.Mul(candidate)).Add(z.Mul(h)), null);
        };
    });
}
