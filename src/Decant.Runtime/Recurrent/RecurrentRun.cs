using Decant.Runtime.Kernels;

namespace Decant.Runtime.Recurrent;

/// <summary>Runs a recurrent operator's directions one after the other.</summary>
internal static class RecurrentRun
{
    /// <summary>Computes the outputs that the node names.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="context">What else is known.</param>
    /// <param name="make">Makes the cell of a direction.</param>
    public static Tensor[] Run(Operators.Recurrent op, Tensor?[] inputs, KernelContext context, Func<RecurrentPass, int, IRecurrentCell> make)
    {
        for (int i = 0; i < inputs.Length; i++)
            if (i != 4 && inputs[i] is { Type: not ElementType.Float32 } t) throw new ModelException($"input {i} of {t.Type}; 16- and 32-bit floats are possible");
        Operators.RecurrentSize size = op.Size(inputs[0]!.Shape, inputs[2]!.Shape);
        Tensor[] outputs = Outputs.Make(op, context);
        for (int d = 0; d < op.Directions; d++)
        {
            var pass = new RecurrentPass(op, size, d, inputs, context.Threads);
            pass.Run(make(pass, d), outputs[0].Array<float>(), context.Threads.Token);
            if (outputs.Length > 1) pass.Save(pass.Hidden, outputs[1].Array<float>());
            if (outputs.Length > 2) pass.Save(pass.Cell, outputs[2].Array<float>());
        }
        return outputs;
    }
}
