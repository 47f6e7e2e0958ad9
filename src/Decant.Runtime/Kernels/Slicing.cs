namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Concat on every element type.</summary>
internal static class Concat
{
    public static Tensor Run(Operators.Concat op, Tensor?[] inputs, KernelContext context)
    {
        ElementType type = inputs[0]!.Type;
        Tensor result = Tensor.Zeros(type, context.Output);
        int axis = context.Output.Axis(op.Axis),
            at = 0;
        int row = Bytes(context.Output, axis, type);
        foreach (Tensor? part in inputs)
        {
            if (part is null)
                throw new ModelException("an input is left out; Concat needs every one");
            if (part.Type != type)
                throw new ModelException($"inputs of {type} and {part.Type} do not join; element types must agree");
            int width = Bytes(part.Shape, axis, type);
            Copy(part.Bytes(), width, result.Bytes(), at, row);
            at += width;
        }
        return result;
    }

    private static int Bytes(Shape shape, int axis, ElementType type) =>
        checked((int)shape.CountFrom(axis) * type.Size());

    private static void Copy(ReadOnlySpan<byte> from, int width, Span<byte> to, int at, int row)
    {
        for (; !from.IsEmpty; from = from[width..], at += row)
            from[..width].CopyTo(to[at..]);
    }
}

/// <summary>Computes ONNX Split on every element type.</summary>
internal static class Split
{
    public static Tensor[] Run(Operators.Split op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        Tensor[] parts = Outputs.Make(op, context);
        int axis = x.Shape.Axis(op.Axis),
            first = 0;
        int[] strides = Strides.Of(x.Shape);
        foreach (Tensor part in parts)
        {
            StridedCopy.Run(x, first, part.Shape.Dims.AsSpan(), strides, part);
            first += part.Shape[axis] * strides[axis];
        }
        return parts;
    }
}

/// <summary>Computes ONNX Slice on every element type.</summary>
internal static class Slice
{
    public static Tensor Run(Operators.Slice op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        if (context.Output.Count == 0)
            return Tensor.Zeros(x.Type, context.Output);
        OperatorInputs known = context.Known;
        int[][] maps = [.. x.Shape.Dims.Select(extent => Enumerable.Range(0, extent).ToArray())];
        foreach (
            var (axis, start, step, count) in Operators.Slice.Ranges(
                x.Shape,
                known.Integers(1)!,
                known.Integers(2)!,
                known.Integers(3),
                known.Integers(4)
            )
        )
            maps[axis] = Steps(start, step, count);
        return AxisGather.Run(x, maps, context.Output, []);
    }

    private static int[] Steps(int start, int step, int count)
    {
        var map = new int[count];
        for (int i = 0; i < count; i++)
            map[i] = start + i * step;
        return map;
    }
}

/// <summary>
/// Computes ONNX Pad on every element type. Where pads are negative the input is cropped first, then padded.
/// </summary>
internal static class Pad
{
    public static Tensor Run(Operators.Pad op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        if (context.Output.Count == 0)
            return Tensor.Zeros(x.Type, context.Output);
        var (before, after) = Operators.Pad.Amounts(x.Shape, context.Known.Integers(1)!, context.Known.Integers(3));
        var maps = new int[x.Shape.Rank][];
        for (int axis = 0; axis < maps.Length; axis++)
            maps[axis] = Map(op.Mode, x.Shape[axis], before[axis], after[axis], context.Output[axis]);
        return AxisGather.Run(x, maps, context.Output, inputs.ElementAtOrDefault(2) is { } value ? value.Bytes() : []);
    }

    private static int[] Map(string mode, int extent, int before, int after, int output)
    {
        int first = Math.Max(0, -before),
            left = extent - first - Math.Max(0, -after);
        var map = new int[output];
        for (int i = 0; i < output; i++)
            map[i] =
                mode == "constant" ? Within(i - before, extent) : first + Repeat(mode, i - Math.Max(0, before), left);
        return map;
    }

    private static int Within(int at, int extent) => at >= 0 && at < extent ? at : AxisGather.Fill;

    /// <summary>
    /// The coordinate in 0..n-1 that stands at <paramref name="at"/>, which may lie outside on either side.
    /// </summary>
    private static int Repeat(string mode, int at, int n) =>
        mode switch
        {
            "edge" => Math.Clamp(at, 0, n - 1),
            "wrap" => Modulo(at, n),
            _ => n == 1 ? 0 : n - 1 - Math.Abs(n - 1 - Modulo(at, 2 * (n - 1))),
        };

    private static int Modulo(int a, int n) => (a % n + n) % n;
}

/// <summary>Computes ONNX Tile on every element type: each axis is read as (repeats, extent).</summary>
internal static class Tile
{
    public static Tensor Run(Operators.Tile op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        int rank = x.Shape.Rank;
        int[] own = Strides.Of(x.Shape),
            extents = new int[2 * rank],
            strides = new int[2 * rank];
        for (int axis = 0; axis < rank; axis++)
        {
            (extents[2 * axis], extents[2 * axis + 1]) = (
                x.Shape[axis] == 0 ? 0 : context.Output[axis] / x.Shape[axis],
                x.Shape[axis]
            );
            strides[2 * axis + 1] = own[axis];
        }
        StridedCopy.Run(x, 0, extents, strides, result);
        return result;
    }
}

/// <summary>Computes ONNX Trilu on every element type.</summary>
internal static class Trilu
{
    public static Tensor Run(Operators.Trilu op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = inputs[0]!.Clone();
        long diagonal = Operators.Trilu.Diagonal(context.Known.Integers(1));
        int rows = context.Output[-2],
            columns = context.Output[-1],
            size = result.Type.Size();
        Span<byte> bytes = result.Bytes();
        for (int row = 0; !bytes.IsEmpty; row = (row + 1) % rows, bytes = bytes[(columns * size)..])
        {
            // The first column that the upper triangle holds, or the first that the lower does not.
            int cut = (int)(Int128.Clamp((Int128)row + diagonal + (op.Upper ? 0 : 1), 0, columns)) * size;
            if (op.Upper)
                bytes[..cut].Clear();
            else
                bytes[cut..(columns * size)].Clear();
        }
        return result;
    }
}
