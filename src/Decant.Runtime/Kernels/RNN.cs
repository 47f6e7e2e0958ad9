using Decant.Runtime.Recurrent;

namespace Decant.Runtime.Kernels;

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
            if (!pass.Reaches(t, b)) continue;
            Span<float> gate = pass.Gate(t, b, 0);
            GateFunction.Apply(pass.Activation(0), gate, pass.Clip);
            gate.CopyTo(pass.HiddenOf(b));
        }
    }
}
