using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class LSTM
{
    public static TorchKernel Make(Op.LSTM op) => x => Recurrence.Run(op, x, (d, weights, bias) =>
    {
        TorchTensor? peepholes = x.Optional(7)?.Select(0, d);
        return (gates, h, c) =>
        {
            TorchTensor all = gates.Add(h.Linear(weights, bias));
            TorchTensor i = Peep(all.Gate(0, 4), 0, c!).Activate(op, d, 0);
            TorchTensor f = op.CouplesInputForget ? i.Neg().Add(1) : Peep(all.Gate(2, 4), 2, c!).Activate(op, d, 0);
            TorchTensor cell = f.Mul(c!).Add(i.Mul(all.Gate(3, 4).Activate(op, d, 1)));
            return (Peep(all.Gate(1, 4), 1, cell).Activate(op, d, 0).Mul(cell.Activate(op, d, 2, clips: false)), cell);
        };

        TorchTensor Peep(TorchTensor gate, int place, TorchTensor cell) => peepholes is null ? gate : gate.Add(peepholes.Gate(place, 3).Mul(cell));
    });
}
