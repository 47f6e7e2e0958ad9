using Decant.Runtime.Windows;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ConvTranspose over any number of spatial axes on floating-point tensors.</summary>
internal static class ConvTranspose
{
    public static Tensor Run(Operators.ConvTranspose op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, w = inputs[1]!;
        Tensor? bias = inputs.ElementAtOrDefault(2);
        if (x.Type != w.Type || (bias is not null && bias.Type != x.Type)) throw new ModelException("input, weight and bias differ in element type");
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (bias is not null && bias.Count != y.Shape[1]) throw new ModelException($"a bias of shape {bias.Shape} for {y.Shape[1]} output channels");
        if (y.Count == 0) return y;
        // The window slides over the result, and the input holds what it gives: a Conv the other way round.
        int[] windows = [.. x.Shape.Dims.Skip(2)];
        var window = new WindowGeometry(op.Window, w.Shape.Dims.AsSpan()[2..], y.Shape.Dims.AsSpan()[2..], [.. op.Fit(x.Shape, w.Shape).Select((f, i) => (f.Before, 0, windows[i]))]);
        var size = new ConvolutionSize(x.Shape[0], x.Shape[1], y.Shape[1], op.Group);
        if (x.Type == ElementType.Float32)
            new FoldedConvolution(window, size, x.Array<float>(), w.Array<float>(), bias?.Array<float>(), y.Array<float>()).Run(context.Threads);
        else if (x.Type == ElementType.Float64)
            context.Threads.For(size.Images * size.Outputs, plane => DirectTransposition.Plane(window, size,
                x.Array<double>(), w.Array<double>(), bias is null ? 0 : bias.Array<double>()[plane % size.Outputs], y.Array<double>(), plane));
        else
            throw new ModelException($"an input of {x.Type}; floating-point types are possible");
        return y;
    }
}
