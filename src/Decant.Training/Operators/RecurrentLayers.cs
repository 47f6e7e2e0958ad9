using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>A recurrent operator step by step, as one graph that autograd follows.</summary>
internal static class Recurrence
{
    /// <summary>One step: the gates' share of the input and the states before, to the states after.</summary>
    public delegate (TorchTensor Hidden, TorchTensor? Cell) Step(
        TorchTensor gates,
        TorchTensor hidden,
        TorchTensor? cell
    );

    /// <summary>
    /// Makes the step of a direction from its recurrent weights (gates·H, H) and its bias of the state (gates·H),
    /// null if none.
    /// </summary>
    public delegate Step Make(int direction, TorchTensor weights, TorchTensor? bias);

    /// <summary>Runs all directions and sets the outputs that are asked for.</summary>
    public static TorchTensor Run(Op.RecurrentOperator op, TorchInputs x, Make make)
    {
        op.Infer(x.Known());
        TorchTensor input = op.BatchFirst ? x[0].Transpose(0, 1) : x[0];
        var all = new TorchTensor[op.Directions];
        var last = new (TorchTensor Hidden, TorchTensor? Cell)[op.Directions];
        for (int d = 0; d < op.Directions; d++)
            (all[d], last[d]) = Direction(op, x, input, d, make);
        if (x.Wants(1))
            x.SetOutput(1, States(op, Array.ConvertAll(last, l => l.Hidden)));
        if (x.Wants(2))
            x.SetOutput(2, States(op, Array.ConvertAll(last, l => l.Cell!)));
        TorchTensor y = Ops.Stack(all, 1);
        return op.BatchFirst ? y.Permute(2, 0, 1, 3) : y;
    }

    /// <summary>A gate of several that lie side by side.</summary>
    public static TorchTensor Gate(this TorchTensor gates, int i, int count)
    {
        long hidden = gates.Size(gates.Rank - 1) / count;
        return gates.Slice(gates.Rank - 1, i * hidden, (i + 1) * hidden);
    }

    /// <summary>The activation at a place of a direction, after clipping.</summary>
    public static TorchTensor Activate(
        this TorchTensor x,
        Op.RecurrentOperator op,
        int direction,
        int place,
        bool clips = true
    )
    {
        TorchTensor clipped = op.Clip > 0 && clips ? x.Clamp(-op.Clip, op.Clip) : x;
        return op.Activation(direction, place) switch
        {
            "Sigmoid" => clipped.Sigmoid(),
            "Tanh" => clipped.Tanh(),
            _ => clipped.Relu(),
        };
    }

    private static (TorchTensor, (TorchTensor, TorchTensor?)) Direction(
        Op.RecurrentOperator op,
        TorchInputs x,
        TorchTensor input,
        int d,
        Make make
    )
    {
        TorchTensor recurrent = x[2].Select(0, d);
        long steps = input.Size(0),
            batch = input.Size(1),
            hidden = recurrent.Size(1);
        TorchTensor? bias = x.Optional(3)?.Select(0, d);
        TorchTensor gates = input.MatMul(x[1].Select(0, d).Transpose(0, 1));
        if (bias is not null)
            gates = gates.Add(bias.Gate(0, 2));
        Step step = make(d, recurrent, bias?.Gate(1, 2));
        TorchTensor nothing = Ops.Zeros([batch, hidden], input.Type),
            h = State(op, x.Optional(5), d) ?? nothing;
        TorchTensor? c = op is Op.LSTM ? State(op, x.Optional(6), d) ?? nothing : null;
        var outputs = new TorchTensor[steps];
        for (long i = 0; i < steps; i++)
        {
            long t = op.IsReverse(d) ? steps - 1 - i : i;
            var next = step(gates.Select(0, t), h, c);
            TorchTensor? reaches = x.Optional(4)?.Gt(t).Unsqueeze(1);
            (h, c) = (Kept(reaches, next.Hidden, h), next.Cell is null ? null : Kept(reaches, next.Cell, c!));
            outputs[t] = Kept(reaches, next.Hidden, nothing);
        }
        return (steps > 0 ? Ops.Stack(outputs, 0) : Ops.Zeros([0, batch, hidden], input.Type), (h, c));
    }

    private static TorchTensor Kept(TorchTensor? reaches, TorchTensor next, TorchTensor old) =>
        reaches is null ? next : reaches.Where(next, old);

    private static TorchTensor? State(Op.RecurrentOperator op, TorchTensor? first, int d) =>
        first?.Select(op.BatchFirst ? 1 : 0, d);

    private static TorchTensor States(Op.RecurrentOperator op, TorchTensor[] last) =>
        Ops.Stack(last, op.BatchFirst ? 1 : 0);
}

internal static class GRU
{
    public static TorchKernel Make(Op.GRU op) => x => Recurrence.Run(op, x, (d, weights, bias) =>
            {
                long hidden = weights.Size(1);
                TorchTensor first = weights.Slice(0, 0, 2 * hidden),
                    last = weights.Slice(0, 2 * hidden, 3 * hidden);
                TorchTensor? firstBias = bias?.Slice(0, 0, 2 * hidden),
                    lastBias = bias?.Slice(0, 2 * hidden, 3 * hidden);
                return (gates, h, _) =>
                {
                    TorchTensor zr = gates.Slice(1, 0, 2 * hidden).Add(h.Linear(first, firstBias)).Activate(op, d, 0),
                        z = zr.Gate(0, 2),
                        r = zr.Gate(1, 2);
                    TorchTensor share = op.LinearBeforeReset
                        ? r.Mul(h.Linear(last, lastBias))
                        : r.Mul(h).Linear(last, lastBias);
                    TorchTensor candidate = gates.Gate(2, 3).Add(share).Activate(op, d, 1);
                    return (candidate.Sub(z.Mul(candidate)).Add(z.Mul(h)), null);
                };
            });
}

internal static class LSTM
{
    public static TorchKernel Make(Op.LSTM op) => x => Recurrence.Run(op, x, (d, weights, bias) =>
            {
                TorchTensor? peepholes = x.Optional(7)?.Select(0, d);
                return (gates, h, c) =>
                {
                    TorchTensor all = gates.Add(h.Linear(weights, bias));
                    TorchTensor i = Peep(all.Gate(0, 4), 0, c!).Activate(op, d, 0);
                    TorchTensor f = op.CouplesInputForget
                        ? i.Neg().Add(1)
                        : Peep(all.Gate(2, 4), 2, c!).Activate(op, d, 0);
                    TorchTensor cell = f.Mul(c!).Add(i.Mul(all.Gate(3, 4).Activate(op, d, 1)));
                    return (
                        Peep(all.Gate(1, 4), 1, cell).Activate(op, d, 0).Mul(cell.Activate(op, d, 2, clips: false)),
                        cell
                    );
                };

                TorchTensor Peep(TorchTensor gate, int place, TorchTensor cell) =>
                    peepholes is null ? gate : gate.Add(peepholes.Gate(place, 3).Mul(cell));
            });
}

internal static class RNN
{
    public static TorchKernel Make(Op.RNN op) =>
        x =>
            Recurrence.Run(op, x, (d, weights, bias) =>
                (gates, h, _) => (gates.Add(h.Linear(weights, bias)).Activate(op, d, 0), null)
            );
}
