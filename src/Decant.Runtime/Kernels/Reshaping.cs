namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Reshape on every element type.</summary>
internal static class Reshape
{
    public static Tensor Run(Operators.Reshape op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Clone().Reshape(context.Output);
}

/// <summary>Computes ONNX Flatten on every element type.</summary>
internal static class Flatten
{
    public static Tensor Run(Operators.Flatten op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Clone().Reshape(context.Output);
}

/// <summary>Computes ONNX Squeeze on every element type.</summary>
internal static class Squeeze
{
    public static Tensor Run(Operators.Squeeze op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Clone().Reshape(context.Output);
}

/// <summary>Computes ONNX Unsqueeze on every element type.</summary>
internal static class Unsqueeze
{
    public static Tensor Run(Operators.Unsqueeze op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Clone().Reshape(context.Output);
}

/// <summary>Computes ONNX Expand on every element type.</summary>
internal static class Expand
{
    public static Tensor Run(Operators.Expand op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        StridedCopy.Run(x, 0, context.Output.Dims.AsSpan(), Strides.Broadcast(x.Shape, context.Output), result);
        return result;
    }
}

/// <summary>Computes operators whose inputs' shapes alone say what they make.</summary>
internal static class ShapeReading
{
    public static Tensor Run(Operator op, Tensor?[] inputs, KernelContext context) => op.OfShapes(context.Known)!;
}
