namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Concat on every element type.</summary>
internal static class Concat
{
    public static Tensor Run(Operators.Concat op, Tensor?[] inputs, KernelContext context)
    {
        ElementType type = inputs[0]!.Type;
        Tensor result = Tensor.Zeros(type, context.Output);
        int axis = context.Output.Axis(op.Axis), at = 0;
        int row = Bytes(context.Output, axis, type);
        foreach (Tensor? part in inputs)
        {
            if (part is null) throw new ModelException("an input is left out; Concat needs every one");
            if (part.Type != type) throw new ModelException($"inputs of {type} and {part.Type} do not join; element types must agree");
            int width = Bytes(part.Shape, axis, type);
            Copy(part.Bytes(), width, result.Bytes(), at, row);
            at += width;
        }
        return result;
    }

    private static int Bytes(Shape shape, int axis, ElementType type) => checked((int)shape.CountFrom(axis) * type.Size());

    private static void Copy(ReadOnlySpan<byte> from, int width, Span<byte> to, int at, int row)
    {
        for (; !from.IsEmpty; from = from[width..], at += row) from[..width].CopyTo(to[at..]);
    }
}
