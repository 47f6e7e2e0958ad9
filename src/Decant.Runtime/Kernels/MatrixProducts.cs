using System.Numerics;
using Decant.Runtime.Products;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Computes ONNX Gemm, alpha·A'·B' + beta·C, on floating-point, int32, int64, uint32 and uint64 tensors.
/// </summary>
internal static class Gemm
{
    public static Tensor Run(Operators.Gemm op, Tensor?[] inputs, KernelContext context)
    {
        foreach (Tensor? t in inputs)
            if (t is not null && t.Type != inputs[0]!.Type)
                throw new ModelException($"inputs of {inputs[0]} and {t} differ in element type");
        return inputs[0]!.Type switch
        {
            ElementType.Float32 => Single(op, inputs, context),
            ElementType.Float64 => Scalar<double>(op, inputs, context),
            ElementType.Int32 => Scalar<int>(op, inputs, context),
            ElementType.Int64 => Scalar<long>(op, inputs, context),
            ElementType.UInt32 => Scalar<uint>(op, inputs, context),
            ElementType.UInt64 => Scalar<ulong>(op, inputs, context),
            var type => throw new ModelException(
                $"matrices of {type}; float and 32- and 64-bit integer types are possible"
            ),
        };
    }

    private static Tensor Single(Operators.Gemm op, Tensor?[] inputs, KernelContext context)
    {
        float[] result = new float[context.Output.Count];
        DenseProduct.Accumulate(View(inputs[0]!, op.TransA), View(inputs[1]!, op.TransB), result, 0, context.Threads);
        Combine(result, op, inputs.ElementAtOrDefault(2), context.Output);
        return Tensor.Of(context.Output, result);
    }

    private static MatrixView View(Tensor t, bool transposed)
    {
        var view = MatrixView.RowMajor(t.Array<float>(), 0, t.Shape[0], t.Shape[1]);
        return transposed ? view.Transposed : view;
    }

    private static Tensor Scalar<T>(Operators.Gemm op, Tensor?[] inputs, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor a = inputs[0]!,
            b = inputs[1]!;
        T[] result = new T[context.Output.Count];
        int depth = a.Shape[op.TransA ? 0 : 1];
        ScalarProduct.Accumulate<T>(
            a.Span<T>(),
            b.Span<T>(),
            result,
            (context.Output[0], depth, context.Output[1]),
            op.TransA ? (1, a.Shape[1]) : (a.Shape[1], 1),
            op.TransB ? (1, b.Shape[1]) : (b.Shape[1], 1),
            context.Threads.Token
        );
        Combine(result, op, inputs.ElementAtOrDefault(2), context.Output);
        return Tensor.Of(context.Output, result);
    }

    /// <summary>alpha·result + beta·C, C repeated to the result's shape.</summary>
    private static void Combine<T>(T[] result, Operators.Gemm op, Tensor? c, Shape shape)
        where T : unmanaged, INumber<T>
    {
        if (op.Alpha != 1)
            foreach (ref T cell in result.AsSpan())
                cell = Scaled(cell, op.Alpha);
        if (c is null)
            return;
        if (c.Shape.Rank > 2 || Shape.Broadcast(c.Shape, shape) != shape)
            throw new ModelException($"C of shape {c.Shape} does not broadcast to {shape}");
        T[] addend = c.Array<T>();
        int[] strides = Strides.Broadcast(c.Shape, shape);
        for (int i = 0, at = 0; i < shape[0]; i++)
        for (int j = 0; j < shape[1]; j++, at++)
            result[at] += Scaled(addend[i * strides[0] + j * strides[1]], op.Beta);
    }

    private static T Scaled<T>(T x, float factor)
        where T : INumber<T> =>
        factor == 1 ? x
        : typeof(T) == typeof(float) ? x * T.CreateTruncating(factor)
        : T.CreateTruncating(double.CreateTruncating(x) * factor);
}

/// <summary>
/// Computes ONNX MatMul, leading axes broadcast, on floating-point, int32, int64, uint32 and uint64 tensors.
/// </summary>
internal static class MatMul
{
    public static Tensor Run(Operators.MatMul op, Tensor?[] inputs, KernelContext context)
    {
        Tensor a = inputs[0]!,
            b = inputs[1]!;
        if (a.Type != b.Type)
            throw new ModelException($"inputs of {a} and {b} differ in element type");
        return a.Type switch
        {
            ElementType.Float32 => Single(a, b, context),
            ElementType.Float64 => Scalar<double>(a, b, context),
            ElementType.Int32 => Scalar<int>(a, b, context),
            ElementType.Int64 => Scalar<long>(a, b, context),
            ElementType.UInt32 => Scalar<uint>(a, b, context),
            ElementType.UInt64 => Scalar<ulong>(a, b, context),
            var type => throw new ModelException(
                $"matrices of {type}; float and 32- and 64-bit integer types are possible"
            ),
        };
    }

    private static Tensor Single(Tensor a, Tensor b, KernelContext context)
    {
        float[] x = a.Array<float>(),
            y = b.Array<float>(),
            z = new float[context.Output.Count];
        var (rows, depth, columns) = Size(a.Shape, b.Shape);
        if (Stacked(a.Shape, b.Shape))
            DenseProduct.Accumulate(
                MatrixView.RowMajor(x, 0, depth == 0 ? 0 : x.Length / depth, depth),
                MatrixView.RowMajor(y, 0, depth, columns),
                z,
                0,
                context.Threads
            );
        else
            Each(a.Shape, b.Shape, context.Output, rows * columns, (i, j, k) =>
                DenseProduct.Accumulate(
                    MatrixView.RowMajor(x, i, rows, depth),
                    MatrixView.RowMajor(y, j, depth, columns),
                    z,
                    k,
                    context.Threads
                )
            );
        return Tensor.Of(context.Output, z);
    }

    private static Tensor Scalar<T>(Tensor a, Tensor b, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        T[] x = a.Array<T>(),
            y = b.Array<T>(),
            z = new T[context.Output.Count];
        var size = Size(a.Shape, b.Shape);
        Each(a.Shape, b.Shape, context.Output, size.Rows * size.Columns, (i, j, k) =>
            ScalarProduct.Accumulate<T>(
                x.AsSpan(i),
                y.AsSpan(j),
                z.AsSpan(k),
                size,
                (size.Depth, 1),
                (size.Columns, 1),
                context.Threads.Token
            )
        );
        return Tensor.Of(context.Output, z);
    }

    private static (int Rows, int Depth, int Columns) Size(Shape a, Shape b) =>
        (a.Rank == 1 ? 1 : a[-2], a[-1], b.Rank == 1 ? 1 : b[-1]);

    /// <summary>Whether every matrix of A meets the one of B: then they are one tall matrix.</summary>
    private static bool Stacked(Shape a, Shape b) => a.Rank > 1 && b.Rank <= 2;

    /// <summary>Visits each pair of matrices: where both begin, and where their product does.</summary>
    private static void Each(Shape a, Shape b, Shape output, int count, Action<int, int, int> body)
    {
        if (output.Count == 0)
            return;
        Shape left = Stack(a),
            right = Stack(b),
            stack = Shape.Broadcast(left, right);
        int[] x = Strides.Broadcast(left, stack),
            y = Strides.Broadcast(right, stack),
            extents = [.. stack.Dims];
        int leftSize = a.Rank < 2 ? a[0] : (int)a.CountFrom(a.Rank - 2),
            rightSize = b.Rank < 2 ? b[0] : (int)b.CountFrom(b.Rank - 2);
        for (int i = 0; i < stack.Count; i++)
            body(Strides.Offset(i, extents, x) * leftSize, Strides.Offset(i, extents, y) * rightSize, i * count);
    }

    private static Shape Stack(Shape s) => s.Rank <= 2 ? Shape.Scalar : new Shape(s.Dims.AsSpan()[..^2]);
}

/// <summary>Computes ONNX MatMulInteger.</summary>
internal static class MatMulInteger
{
    public static Tensor Run(Operators.MatMulInteger op, Tensor?[] inputs, KernelContext context) =>
        Run(inputs[0]!, inputs.ElementAtOrDefault(2), inputs[1]!, inputs.ElementAtOrDefault(3), context);

    /// <summary>(A − a's zero point)·(B − b's zero point) in Int32.</summary>
    public static Tensor Run(Tensor a, Tensor? aZero, Tensor b, Tensor? bZero, KernelContext context)
    {
        Tensor x = Quantizing.Centered(a, aZero is null ? null : PerRow(aZero), context),
            y = Quantizing.Centered(b, bZero, context);
        var product = new Operators.MatMul(Attributes.None);
        return ExactSums.Run(x, y, a.Shape[-1], (left, right) => MatMul.Run(product, [left, right], context), context);
    }

    /// <summary>Numbers a row of A, as a column.</summary>
    public static Tensor PerRow(Tensor numbers) =>
        numbers is { Shape.Rank: 1, Count: > 1 } ? numbers.Reshape(new Shape(numbers.Count, 1)) : numbers;
}

/// <summary>Computes ONNX QLinearMatMul; products are exact, scales are applied in doubles.</summary>
internal static class QLinearMatMul
{
    public static Tensor Run(Operators.QLinearMatMul op, Tensor?[] inputs, KernelContext context)
    {
        Tensor sums = MatMulInteger.Run(inputs[0]!, inputs[2], inputs[3]!, inputs[5], context);
        Tensor real = Casting.Convert(sums, ElementType.Float64, context);
        // The rows of a product with a vector are the product's own axis.
        Tensor left = inputs[3]!.Shape.Rank == 1 ? inputs[1]! : MatMulInteger.PerRow(inputs[1]!);
        foreach (Tensor scale in new[] { left, inputs[4]! })
            Broadcasting.Run<Mul>(real, Casting.Convert(scale, ElementType.Float64, context), real, context);
        return Quantizing.Quantize(
            real,
            inputs[6]!,
            inputs[7],
            Operators.Scaling.Of(real.Shape, inputs[6]!.Shape, -1, 0),
            inputs[7]!.Type,
            context
        );
    }
}

/// <summary>
/// Sums of products of small integers by a kernel for floats, exactly: floats hold integers to 2^24. Where sums may be
/// larger, one factor is cut into digits, each of which gives a sum that fits, and those are put together.
/// </summary>
internal static class ExactSums
{
    private const long Limit = 1 << 24;

    /// <summary>The sums in Int32; they wrap.</summary>
    /// <param name="x">One factor, Int32.</param>
    /// <param name="w">The other, Int32; it is used up.</param>
    /// <param name="depth">The most products in a sum.</param>
    /// <param name="product">The kernel: of both factors in Float32.</param>
    /// <param name="context">How to spread the work.</param>
    public static Tensor Run(
        Tensor x,
        Tensor w,
        long depth,
        Func<Tensor, Tensor, Tensor> product,
        KernelContext context
    )
    {
        long most = Limit / Math.Max(1, checked(depth * Greatest(x)));
        if (most < 2)
            throw new ModelException(
                $"sums of {depth:N0} products may not fit; at most {Limit / 2 / byte.MaxValue:N0} are possible"
            );
        int bits = (int)Math.Log2(most);
        Tensor left = Casting.Convert(x, ElementType.Float32, context),
            sums = Tensor.Zeros(ElementType.Int32, context.Output);
        for (int shift = 0; ; shift += bits)
        {
            bool last = Greatest(w) <= most;
            Add(product(left, last ? Casting.Convert(w, ElementType.Float32, context) : Digit(w, bits)), shift, sums);
            if (last)
                return sums;
        }
    }

    /// <summary>The lowest bits as a float each, taken off what is left.</summary>
    private static Tensor Digit(Tensor w, int bits)
    {
        Tensor digit = Tensor.Zeros(ElementType.Float32, w.Shape);
        int[] from = w.Array<int>();
        float[] to = digit.Array<float>();
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[i] & ((1 << bits) - 1);
            from[i] >>= bits;
        }
        return digit;
    }

    private static void Add(Tensor part, int shift, Tensor sums)
    {
        float[] from = part.Array<float>();
        int[] to = sums.Array<int>();
        for (int i = 0; i < to.Length; i++)
            to[i] = unchecked(to[i] + ((int)from[i] << shift));
    }

    private static long Greatest(Tensor x)
    {
        long greatest = 0;
        foreach (int v in x.Span<int>())
            greatest = Math.Max(greatest, Math.Abs((long)v));
        return greatest;
    }
}
