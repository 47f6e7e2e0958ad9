using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Int8;

/// <summary>
/// x·Wᵀ in whole numbers, exact, for any rows that <see cref="Int8Rows"/> can say: a matrix, or the windows of a
/// convolution.
/// </summary>
/// <param name="weights">The weights.</param>
/// <param name="dots">Whether to use the instruction for dot products of bytes, where vectors are wide enough.</param>
internal sealed unsafe class Int8Product(Int8Weights weights, bool dots)
{
    /// <summary>With the dot products of bytes that this machine has.</summary>
    public Int8Product(Int8Weights weights)
        : this(weights, AvxVnni.IsSupported) { }

    public Int8Weights Weights => weights;

    /// <summary>Computes a part as sums of 32 bits, the offsets of <paramref name="by"/> added.</summary>
    public void ToSums(
        ReadOnlySpan<byte> x,
        Int8Rows rows,
        Span<int> y,
        Int8Rows to,
        Requantization by,
        Int8Part part,
        VectorWidth width
    )
    {
        Check(x, rows, y.Length, to, part);
        fixed (byte* input = x)
        fixed (int* output = y)
            Run(input, rows, new SumSink(output, to, by), part, width);
    }

    /// <summary>Computes a part as floats.</summary>
    public void ToFloats(
        ReadOnlySpan<byte> x,
        Int8Rows rows,
        Span<float> y,
        Int8Rows to,
        Requantization by,
        Int8Part part,
        VectorWidth width
    )
    {
        Check(x, rows, y.Length, to, part);
        fixed (byte* input = x)
        fixed (float* output = y)
            Run(input, rows, new FloatSink(output, to, by), part, width);
    }

    /// <summary>
    /// Computes a part as bytes, with a residual that lies as <paramref name="residualRows"/> say, or without where it
    /// is empty.
    /// </summary>
    public void ToBytes(
        ReadOnlySpan<byte> x,
        Int8Rows rows,
        Span<byte> y,
        Int8Rows to,
        Requantization by,
        ReadOnlySpan<byte> residual,
        Int8Rows residualRows,
        Int8Part part,
        VectorWidth width
    )
    {
        Check(x, rows, y.Length, to, part);
        if (!residual.IsEmpty)
            Check(x, rows, residual.Length, residualRows, part);
        fixed (
            byte* input = x,
                output = y,
                add = residual
        )
            Run(input, rows, new ByteSink(output, to, by, add, residualRows, width == VectorWidth.V512), part, width);
    }

    private void Check(ReadOnlySpan<byte> x, Int8Rows rows, int length, Int8Rows to, Int8Part part)
    {
        rows.Check();
        to.Check();
        if (
            part.FromRow < 0
            || part.ToRow > rows.Rows
            || part.ToRow > to.Rows
            || part.FromPanel < 0
            || part.ToPanel > weights.Panels
            || x.Length < rows.Length(weights)
            || length < (to.Rows == 0 ? 0 : to.Furthest + (long)weights.Outputs)
        )
            throw new ArgumentException("an integer product reaches outside its arrays");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<S>(byte* x, Int8Rows rows, S sink, Int8Part part, VectorWidth width)
        where S : struct, IInt8Sink
    {
        byte** at = stackalloc byte*[Int8Tile.Rows];
        int* sums = stackalloc int[Int8Tile.Rows * Int8Weights.Columns];
        int flip = rows.Signed ? unchecked((int)0x80808080) : 0,
            step = Step(width, part.ToRow - part.FromRow);
        for (int panel = part.FromPanel; panel < part.ToPanel; panel++)
        {
            int output = panel * Int8Weights.Columns,
                count = Math.Min(Int8Weights.Columns, weights.Outputs - output);
            for (int row = part.FromRow; row < part.ToRow; row += step)
            {
                int height = Math.Min(step, part.ToRow - row);
                for (int i = 0; i < step; i++)
                    at[i] = x + rows.At(row + Math.Min(i, height - 1));
                Tile(at, step, rows.RunStride, weights.Panel(panel), flip, sums, width);
                for (int i = 0; i < height; i++)
                    sink.Take(sums + i * Int8Weights.Columns, row + i, output, count);
            }
        }
        GC.KeepAlive(weights);
    }

    private int Step(VectorWidth width, int rows) =>
        width switch
        {
            >= VectorWidth.V256 when dots => rows == 1 ? 1 : Int8Tile.Rows,
            >= VectorWidth.V256 when Avx2.IsSupported => 2,
            _ => 1,
        };

    private void Tile(byte** at, int step, int stride, sbyte* panel, int flip, int* sums, VectorWidth width)
    {
        int runs = weights.Runs,
            length = weights.RunBytes;
        if (step == Int8Tile.Rows)
            Int8Tile.Vnni(at, runs, length, stride, panel, flip, sums);
        else if (step == 2)
            Int8Tile.Avx2Pair(at, runs, length, stride, panel, flip, sums);
        else if (width >= VectorWidth.V256 && dots)
            Int8Tile.VnniRow(at[0], runs, length, stride, panel, flip, sums);
        else if (width >= VectorWidth.V128)
            Int8Tile.Row128(at[0], runs, length, stride, panel, flip, sums);
        else
            Int8Tile.RowScalar(at[0], runs, length, stride, panel, flip, sums);
    }
}
