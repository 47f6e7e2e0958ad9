using System.Numerics;
using Decant.Runtime.Recurrent;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX GRU: h' = (1 − z)·ĥ + z·h, where ĥ sees r·h, or with linear_before_reset r·(R·h + b).</summary>
internal sealed class GRU(StateProduct first, StateProduct last, bool linearFirst, RecurrentPass pass) : IRecurrentCell
{
    private readonly float[] reset = new float[pass.Hidden.Length];

    public static Tensor[] Run(Operators.GRU op, Tensor?[] inputs, KernelContext context) => RecurrentRun.Run(op, inputs, context,
        (pass, d) => new GRU(pass.Product(inputs[2]!, 0, 2), pass.Product(inputs[2]!, 2, 1), op.LinearBeforeReset, pass));

    public void Step(RecurrentPass pass, int t)
    {
        int hidden = pass.Size.Hidden;
        ReadOnlySpan<float> bias = pass.Bias.AsSpan(pass.Width + 2 * hidden, hidden);
        pass.Add(first, pass.Hidden, t, 0);
        if (linearFirst) Linear(bias, hidden);
        for (int b = 0; b < pass.Size.Batch; b++)
        {
            Span<float> gates = pass.Gate(t, b, 0, 2), r = gates[hidden..], own = reset.AsSpan(b * hidden, hidden);
            GateFunction.Apply(pass.Activation(0), gates, pass.Clip);
            if (linearFirst) MultiplyAdd(r, own, pass.Gate(t, b, 2));
            else Multiply(r, pass.HiddenOf(b), own);
        }
        if (!linearFirst) pass.Add(last, reset, t, 2);
        for (int b = 0; b < pass.Size.Batch; b++)
            if (pass.Reaches(t, b)) Finish(pass, t, b, linearFirst ? [] : bias);
    }

    /// <summary>R·h + b of the last gate.</summary>
    private void Linear(ReadOnlySpan<float> bias, int hidden)
    {
        for (int i = 0; i < reset.Length; i += hidden) bias.CopyTo(reset.AsSpan(i));
        last.Accumulate(pass.Hidden, reset, 0, hidden);
    }

    private static void Finish(RecurrentPass pass, int t, int b, ReadOnlySpan<float> bias)
    {
        Span<float> z = pass.Gate(t, b, 0), candidate = pass.Gate(t, b, 2), h = pass.HiddenOf(b);
        for (int i = 0; i < bias.Length; i++) candidate[i] += bias[i];
        GateFunction.Apply(pass.Activation(1), candidate, pass.Clip);
        int k = 0;
        for (; k <= h.Length - Vector<float>.Count; k += Vector<float>.Count)
        {
            Vector<float> share = new(z[k..]), next = new(candidate[k..]);
            (next - share * next + share * new Vector<float>(h[k..])).CopyTo(h[k..]);
        }
        for (; k < h.Length; k++) h[k] = candidate[k] - z[k] * candidate[k] + z[k] * h[k];
    }

    private static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++) to[i] = x[i] * y[i];
    }

    private static void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++) to[i] += x[i] * y[i];
    }
}
