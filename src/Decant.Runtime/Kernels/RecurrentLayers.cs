using System.Numerics;
using Decant.Runtime.Recurrent;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Computes ONNX GRU: h' = (1 − z)·ĥ + z·h, where ĥ sees r·h, or with linear_before_reset r·(R·h + b).
/// </summary>
internal sealed class GRU(StateProduct first, StateProduct last, bool linearFirst, RecurrentPass pass) : IRecurrentCell
{
    private readonly float[] reset = new float[pass.Hidden.Length];

    public static Tensor[] Run(Operators.GRU op, Tensor?[] inputs, KernelContext context) =>
        RecurrentRun.Run(op, inputs, context, (pass, d) =>
            new GRU(pass.Product(inputs[2]!, 0, 2), pass.Product(inputs[2]!, 2, 1), op.LinearBeforeReset, pass)
        );

    public void Step(RecurrentPass pass, int t)
    {
        int hidden = pass.Size.Hidden;
        ReadOnlySpan<float> bias = pass.Bias.AsSpan(pass.Width + 2 * hidden, hidden);
        pass.Add(first, pass.Hidden, t, 0);
        if (linearFirst)
            Linear(bias, hidden);
        for (int b = 0; b < pass.Size.Batch; b++)
        {
            Span<float> gates = pass.Gate(t, b, 0, 2),
                r = gates[hidden..],
                own = reset.AsSpan(b * hidden, hidden);
            GateFunction.Apply(pass.Activation(0), gates, pass.Clip);
            if (linearFirst)
                MultiplyAdd(r, own, pass.Gate(t, b, 2));
            else
                Multiply(r, pass.HiddenOf(b), own);
        }
        if (!linearFirst)
            pass.Add(last, reset, t, 2);
        for (int b = 0; b < pass.Size.Batch; b++)
            if (pass.Reaches(t, b))
                Finish(pass, t, b, linearFirst ? [] : bias);
    }

    /// <summary>R·h + b of the last gate.</summary>
    private void Linear(ReadOnlySpan<float> bias, int hidden)
    {
        for (int i = 0; i < reset.Length; i += hidden)
            bias.CopyTo(reset.AsSpan(i));
        last.Accumulate(pass.Hidden, reset, 0, hidden, pass.Token);
    }

    private static void Finish(RecurrentPass pass, int t, int b, ReadOnlySpan<float> bias)
    {
        Span<float> z = pass.Gate(t, b, 0),
            candidate = pass.Gate(t, b, 2),
            h = pass.HiddenOf(b);
        for (int i = 0; i < bias.Length; i++)
            candidate[i] += bias[i];
        GateFunction.Apply(pass.Activation(1), candidate, pass.Clip);
        int k = 0;
        for (; k <= h.Length - Vector<float>.Count; k += Vector<float>.Count)
        {
            Vector<float> share = new(z[k..]),
                next = new(candidate[k..]);
            (next - share * next + share * new Vector<float>(h[k..])).CopyTo(h[k..]);
        }
        for (; k < h.Length; k++)
            h[k] = candidate[k] - z[k] * candidate[k] + z[k] * h[k];
    }

    private static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = x[i] * y[i];
    }

    private static void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += x[i] * y[i];
    }
}

/// <summary>
/// Computes ONNX LSTM, gates i, o, f, c: c' = f·c + i·ĉ, h' = o·tanh(c'). Peepholes add P·c to i and f, P·c' to
/// o.
/// </summary>
internal sealed class LSTM(StateProduct product, bool coupled, float[] peepholes) : IRecurrentCell
{
    private const int I = 0,
        O = 1,
        F = 2,
        C = 3;

    public static Tensor[] Run(Operators.LSTM op, Tensor?[] inputs, KernelContext context) =>
        RecurrentRun.Run(op, inputs, context, (pass, d) =>
        {
            int width = 3 * pass.Size.Hidden;
            return new LSTM(
                pass.Product(inputs[2]!, 0, 4),
                op.CouplesInputForget,
                inputs.ElementAtOrDefault(7)?.Array<float>()[(d * width)..((d + 1) * width)] ?? []
            );
        });

    public void Step(RecurrentPass pass, int t)
    {
        pass.Add(product, pass.Hidden, t, 0);
        for (int b = 0; b < pass.Size.Batch; b++)
            if (pass.Reaches(t, b))
                Step(pass, t, b);
    }

    private void Step(RecurrentPass pass, int t, int b)
    {
        Span<float> i = pass.Gate(t, b, I),
            o = pass.Gate(t, b, O),
            f = pass.Gate(t, b, F),
            candidate = pass.Gate(t, b, C);
        Span<float> cell = pass.Cell.AsSpan(b * i.Length, i.Length),
            h = pass.HiddenOf(b);
        Peep(I, cell, i);
        Peep(F, cell, f);
        GateFunction.Apply(pass.Activation(0), i, pass.Clip);
        if (coupled)
            Rest(i, f);
        else
            GateFunction.Apply(pass.Activation(0), f, pass.Clip);
        GateFunction.Apply(pass.Activation(1), candidate, pass.Clip);
        Products(f, cell, i, candidate, cell);
        Peep(O, cell, o);
        GateFunction.Apply(pass.Activation(0), o, pass.Clip);
        cell.CopyTo(candidate);
        GateFunction.Apply(pass.Activation(2), candidate);
        for (int k = 0; k < h.Length; k++)
            h[k] = o[k] * candidate[k];
    }

    private void Peep(int gate, ReadOnlySpan<float> cell, Span<float> to)
    {
        for (int k = 0; k < to.Length && peepholes.Length > 0; k++)
            to[k] += peepholes[gate * to.Length + k] * cell[k];
    }

    private static void Rest(ReadOnlySpan<float> i, Span<float> f)
    {
        for (int k = 0; k < f.Length; k++)
            f[k] = 1 - i[k];
    }

    /// <summary>a·b + c·d.</summary>
    private static void Products(
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        ReadOnlySpan<float> c,
        ReadOnlySpan<float> d,
        Span<float> to
    )
    {
        int k = 0;
        for (; k <= to.Length - Vector<float>.Count; k += Vector<float>.Count)
            (
                new Vector<float>(a[k..]) * new Vector<float>(b[k..])
                + new Vector<float>(c[k..]) * new Vector<float>(d[k..])
            ).CopyTo(to[k..]);
        for (; k < to.Length; k++)
            to[k] = a[k] * b[k] + c[k] * d[k];
    }
}

/// <summary>Computes ONNX RNN: h = f(W·x + R·h + b).</summary>
internal sealed class RNN(StateProduct product) : IRecurrentCell
{
    public static Tensor[] Run(Operators.RNN op, Tensor?[] inputs, KernelContext context) =>
        RecurrentRun.Run(op, inputs, context, (pass, d) => new RNN(pass.Product(inputs[2]!, 0, 1)));

    public void Step(RecurrentPass pass, int t)
    {
        pass.Add(product, pass.Hidden, t, 0);
        for (int b = 0; b < pass.Size.Batch; b++)
        {
            if (!pass.Reaches(t, b))
                continue;
            Span<float> gate = pass.Gate(t, b, 0);
            GateFunction.Apply(pass.Activation(0), gate, pass.Clip);
            gate.CopyTo(pass.HiddenOf(b));
        }
    }
}
