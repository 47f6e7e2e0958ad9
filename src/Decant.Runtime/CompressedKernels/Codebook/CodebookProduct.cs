using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.CompressedKernels.Codebook;

/// <summary>
/// y = x·Wᵀ for a W of centroids, looked up in the codebook while it is multiplied. Indices take 4 bits where
/// the codebook has up to 16 entries, else 8. Every result is 16 chains of fused multiply-adds, chain i over the
/// columns i, i + 16, ..., added in one fixed order: the bits do not depend on the vector width or the threads.
/// </summary>
internal sealed unsafe class CodebookProduct
{
    /// <summary>Rows that lie together, a block of each in turn.</summary>
    public const int GroupRows = 4;

    private readonly Aligned<byte> codes;
    private readonly Aligned<float> codebook;
    private readonly Aligned<byte> planes;
    private readonly Epilogue finish;
    private readonly float[]? scales;
    private readonly int blocks,
        entries;

    /// <summary>
    /// Packs the row-major indices of rows × columns weights; where there are scales, one for each row, sums are
    /// multiplied by them.
    /// </summary>
    public CodebookProduct(
        ReadOnlySpan<byte> indices,
        ReadOnlySpan<float> codebook,
        int rows,
        int columns,
        Epilogue finish,
        ReadOnlySpan<float> scales = default
    )
    {
        finish.Check(rows);
        if (indices.Length != (long)rows * columns)
            throw new ArgumentException($"{indices.Length} indices are no matrix of {rows}x{columns}");
        if (scales.Length != 0 && scales.Length != rows)
            throw new ArgumentException($"{scales.Length} scales for {rows} outputs");
        if (codebook.Length is 0 or > CodebookEncoding.MaxEntries)
            throw new ArgumentException($"a codebook of {codebook.Length} entries");
        (Outputs, Inputs, entries, this.finish) = (rows, columns, codebook.Length, finish);
        this.scales = scales.IsEmpty ? null : scales.ToArray();
        Groups = (rows + GroupRows - 1) / GroupRows;
        IsNibbles = entries <= 16;
        blocks = (columns + BlockColumns - 1) / BlockColumns;
        codes = new Aligned<byte>(checked(Groups * GroupRows * blocks * CodeBlock.Bytes));
        this.codebook = new Aligned<float>(CodebookEncoding.MaxEntries);
        codebook.CopyTo(this.codebook.Span);
        planes = CodeBlock.Planes(codebook);
        for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++)
            Put(row, column, indices[row * columns + column]);
    }

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>
    /// Into how many pieces <see cref="Run"/> can be cut; group g holds the outputs from g · <see cref="GroupRows"/>
    /// on.
    /// </summary>
    public int Groups { get; }

    /// <summary>Whether an index takes 4 bits.</summary>
    public bool IsNibbles { get; }

    /// <summary>Bytes that a run reads of the weight.</summary>
    public long Bytes => codes.Length;

    private int BlockColumns => IsNibbles ? CodeBlock.NibbleColumns : CodeBlock.ByteColumns;

    /// <summary>Packs an encoding's indices, of which axis 0 is the outputs.</summary>
    public static CodebookProduct Of(CodebookEncoding weight, Epilogue finish) =>
        new(weight.Indices, weight.Codebook, weight.Shape[0], (int)weight.Shape.CountFrom(1), finish);

    /// <summary>
    /// Whether it is faster than the same weight as plain floats, one row of inputs at a time, where both come from
    /// memory.
    /// </summary>
    public static bool Pays(int entries, VectorWidth width) =>
        width == VectorWidth.V512
            ? entries <= 16 || Avx512Vbmi.IsSupported
            : width == VectorWidth.V256 && entries <= 16 && Avx2.IsSupported;

    /// <summary>Computes the outputs of some groups for a whole batch.</summary>
    /// <param name="x">batch × Inputs, row-major.</param>
    /// <param name="y">batch × Outputs, row-major.</param>
    /// <param name="batch">Rows of both.</param>
    /// <param name="from">The first group.</param>
    /// <param name="to">The group after the last.</param>
    /// <param name="width">How wide to compute.</param>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int batch, int from, int to, VectorWidth width)
    {
        if (x.Length < (long)batch * Inputs || y.Length < (long)batch * Outputs || from < 0 || to > Groups)
            throw new ArgumentException("a codebook product reaches outside its arrays");
        float* sums = stackalloc float[GroupRows * CodeBlock.Chains],
            tail = stackalloc float[CodeBlock.NibbleColumns];
        fixed (
            float* input = x,
                output = y
        )
            for (int group = from; group < to; group++)
            for (int i = 0; i < batch; i++)
            {
                Group(input + (nint)i * Inputs, sums, tail, group, width);
                int row = group * GroupRows,
                    rows = Math.Min(GroupRows, Outputs - row);
                for (int r = 0; r < rows; r++)
                    output[(nint)i * Outputs + row + r] = finish.Apply(
                        CodeBlock.Total(sums + r * CodeBlock.Chains) * (scales is null ? 1 : scales[row + r]),
                        row + r
                    );
            }
        GC.KeepAlive(this);
    }

    private void Put(int row, int column, byte index)
    {
        var (block, at) = Math.DivRem(column, BlockColumns);
        byte* to =
            codes.Pointer
            + (((nint)(row / GroupRows) * blocks + block) * GroupRows + row % GroupRows) * CodeBlock.Bytes;
        if (IsNibbles)
            to[CodeBlock.NibblePlace(at)] |= (byte)(index << CodeBlock.NibbleShift(at));
        else
            to[CodeBlock.BytePlace(at)] = index;
    }

    /// <summary>Whole blocks read the input where it lies, the last one a copy that ends in zeros.</summary>
    private void Group(float* x, float* sums, float* tail, int group, VectorWidth width)
    {
        new Span<float>(sums, GroupRows * CodeBlock.Chains).Clear();
        int whole = Inputs / BlockColumns,
            rest = Inputs % BlockColumns;
        byte* at = codes.Pointer + (nint)group * GroupRows * blocks * CodeBlock.Bytes;
        Blocks(at, x, sums, whole, width);
        if (rest == 0)
            return;
        new Span<float>(tail, CodeBlock.NibbleColumns).Clear();
        new ReadOnlySpan<float>(x + (nint)whole * BlockColumns, rest).CopyTo(new Span<float>(tail, rest));
        Blocks(at + (nint)whole * GroupRows * CodeBlock.Bytes, tail, sums, 1, width);
    }

    private void Blocks(byte* at, float* x, float* sums, int count, VectorWidth width)
    {
        switch (width)
        {
            case VectorWidth.V512 when IsNibbles:
                NibbleBlocks.Add512(at, codebook.Pointer, x, sums, count);
                break;
            case VectorWidth.V256 when IsNibbles && Avx2.IsSupported:
                NibbleBlocks.Add256(at, codebook.Pointer, x, sums, count);
                break;
            case VectorWidth.V512 when Avx512Vbmi.IsSupported && entries <= 64:
                ByteBlocks.Add64(at, planes.Pointer, x, sums, count);
                break;
            case VectorWidth.V512 when Avx512Vbmi.IsSupported:
                ByteBlocks.Add256(at, planes.Pointer, x, sums, count);
                break;
            case VectorWidth.Scalar:
                CodeBlock.Add<float, SimdScalar>(at, IsNibbles, codebook.Pointer, x, sums, count);
                break;
            default:
                CodeBlock.Add<Vector128<float>, Simd128>(at, IsNibbles, codebook.Pointer, x, sums, count);
                break;
        }
    }
}
