using Decant.Runtime.Windows;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Conv over any number of spatial axes on floating-point tensors.</summary>
internal static class Conv
{
    public static Tensor Run(Operators.Conv op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, w = inputs[1]!;
        Tensor? bias = inputs.ElementAtOrDefault(2);
        if (x.Type != w.Type || (bias is not null && bias.Type != x.Type)) throw new ModelException("input, weight and bias differ in element type");
        if (bias is not null && bias.Count != w.Shape[0]) throw new ModelException($"a bias of shape {bias.Shape} for {w.Shape[0]} output channels");
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (y.Count == 0) return y;
        var window = new WindowGeometry(op.Window, x.Shape, w.Shape.Dims.AsSpan()[2..]);
        var size = new ConvolutionSize(x.Shape[0], x.Shape[1], w.Shape[0], op.Group);
        if (x.Type == ElementType.Float32)
            new UnfoldedConvolution(window, size, x.Array<float>(), w.Array<float>(), bias?.Array<float>(), y.Array<float>()).Run(context.Threads);
        else if (x.Type == ElementType.Float64)
            context.Threads.For(size.Images * size.Outputs, plane => DirectConvolution.Plane(window, size,
                x.Array<double>(), w.Array<double>(), bias is null ? 0 : bias.Array<double>()[plane % size.Outputs], y.Array<double>(), plane));
        else
            throw new ModelException($"an input of {x.Type}; floating-point types are possible");
        return y;
    }
}
