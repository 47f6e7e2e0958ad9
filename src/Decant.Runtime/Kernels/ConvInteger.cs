namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ConvInteger.</summary>
internal static class ConvInteger
{
    public static Tensor Run(Operators.ConvInteger op, Tensor?[] inputs, KernelContext context) =>
        Run(op.Convolution, inputs[0]!, inputs.ElementAtOrDefault(2), inputs[1]!, inputs.ElementAtOrDefault(3), null, context);

    /// <summary>The convolution of x less its zero point with w less its own, plus a bias, in Int32.</summary>
    public static Tensor Run(Operators.Conv op, Tensor x, Tensor? xZero, Tensor w, Tensor? wZero, Tensor? bias, KernelContext context)
    {
        if (bias is not null && (bias.Type != ElementType.Int32 || bias.Count != w.Shape[0]))
            throw new ModelException($"a bias of {bias} for {w.Shape[0]} output channels; it must hold an Int32 for each");
        Tensor left = Quantizing.Centered(x, xZero, context), right = Quantizing.Centered(w, wZero is null ? null : PerChannel(wZero, w.Shape.Rank), context);
        Tensor y = ExactSums.Run(left, right, w.Shape.CountFrom(1), (input, filters) => Conv.Run(op, [input, filters], context), context);
        if (bias is not null) Broadcasting.Run<Add>(y, PerChannel(bias, y.Shape.Rank - 1), y, context);
        return y;
    }

    /// <summary>Numbers an output channel, as they broadcast to a tensor whose channels are <paramref name="rank"/> axes from the end.</summary>
    public static Tensor PerChannel(Tensor numbers, int rank)
    {
        if (numbers.Count == 1) return numbers;
        var dims = new int[rank];
        Array.Fill(dims, 1);
        dims[0] = numbers.Count;
        return numbers.Reshape(new Shape(dims));
    }
}
