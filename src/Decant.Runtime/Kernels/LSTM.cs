using System.Numerics;
using Decant.Runtime.Recurrent;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX LSTM, gates i, o, f, c: c' = f·c + i·ĉ, h' = o·tanh(c'). Peepholes add P·c to i and f, P·c' to o.</summary>
internal sealed class LSTM(StateProduct product, bool coupled, float[] peepholes) : IRecurrentCell
{
    private const int I = 0, O = 1, F = 2, C = 3;

    public static Tensor[] Run(Operators.LSTM op, Tensor?[] inputs, KernelContext context) => RecurrentRun.Run(op, inputs, context, (pass, d) =>
    {
        int width = 3 * pass.Size.Hidden;
        return new LSTM(pass.Product(inputs[2]!, 0, 4), op.CouplesInputForget, inputs.ElementAtOrDefault(7)?.Array<float>()[(d * width)..((d + 1) * width)] ?? []);
    });

    public void Step(RecurrentPass pass, int t)
    {
        pass.Add(product, pass.Hidden, t, 0);
        for (int b = 0; b < pass.Size.Batch; b++)
            if (pass.Reaches(t, b)) Step(pass, t, b);
    }

    private void Step(RecurrentPass pass, int t, int b)
    {
        Span<float> i = pass.Gate(t, b, I), o = pass.Gate(t, b, O), f = pass.Gate(t, b, F), candidate = pass.Gate(t, b, C);
        Span<float> cell = pass.Cell.AsSpan(b * i.Length, i.Length), h = pass.HiddenOf(b);
        Peep(I, cell, i);
        Peep(F, cell, f);
        GateFunction.Apply(pass.Activation(0), i, pass.Clip);
        if (coupled) Rest(i, f);
        else GateFunction.Apply(pass.Activation(0), f, pass.Clip);
        GateFunction.Apply(pass.Activation(1), candidate, pass.Clip);
        Products(f, cell, i, candidate, cell);
        Peep(O, cell, o);
        GateFunction.Apply(pass.Activation(0), o, pass.Clip);
        cell.CopyTo(candidate);
        GateFunction.Apply(pass.Activation(2), candidate);
        for (int k = 0; k < h.Length; k++) h[k] = o[k] * candidate[k];
    }

    private void Peep(int gate, ReadOnlySpan<float> cell, Span<float> to)
    {
        for (int k = 0; k < to.Length && peepholes.Length > 0; k++) to[k] += peepholes[gate * to.Length + k] * cell[k];
    }

    private static void Rest(ReadOnlySpan<float> i, Span<float> f)
    {
        for (int k = 0; k < f.Length; k++) f[k] = 1 - i[k];
    }

    /// <summary>a·b + c·d.</summary>
    private static void Products(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, Span<float> to)
    {
        int k = 0;
        for (; k <= to.Length - Vector<float>.Count; k += Vector<float>.Count)
            (new Vector<float>(a[k..]) * new Vector<float>(b[k..]) + new Vector<float>(c[k..]) * new Vector<float>(d[k..])).CopyTo(to[k..]);
        for (; k < to.Length; k++) to[k] = a[k] * b[k] + c[k] * d[k];
    }
}
