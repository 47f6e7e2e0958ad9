using Decant.Techniques.LinearAlgebra;

namespace Decant.Techniques.Statistics;

/// <summary>
/// Sums over a layer's input vectors x: Σ x and Σ x·xᵀ; with those ŷ of the same layer in another network, Σ
/// x·ŷᵀ too.
/// Its memory does not grow with their number, and sums do not depend on how vectors come in batches or on threads.
/// </summary>
public sealed class SecondMoments
{
    private const int Width = 256;

    // Blocks are summed together, up to so many and so many elements: work is handed to threads seldom.
    private const int MostBlocks = 32,
        MostElements = 1 << 19;

    private readonly LayerInputs layer;
    private readonly int blocks;
    private readonly double[] vectors;
    private readonly double[]? otherVectors;
    private int filled;

    /// <summary>Begins with no vectors.</summary>
    internal SecondMoments(LayerInputs layer, bool withOther = false)
    {
        this.layer = layer;
        int size = layer.Size;
        blocks = Math.Clamp(MostElements / (size * Width), 1, MostBlocks);
        (vectors, Sums, Products) = (new double[blocks * size * Width], new double[size], new double[size * size]);
        if (withOther)
            (otherVectors, OtherSums, Cross) = (new double[vectors.Length], new double[size], new double[size * size]);
    }

    /// <summary>Elements of a vector.</summary>
    public int Size => layer.Size;

    /// <summary>How many vectors came.</summary>
    public long Vectors { get; private set; }

    /// <summary>How many examples they came from.</summary>
    public long Examples { get; private set; }

    /// <summary>Σ x.</summary>
    public double[] Sums { get; }

    /// <summary>Σ x·xᵀ, row-major.</summary>
    public double[] Products { get; }

    /// <summary>Σ ŷ.</summary>
    internal double[] OtherSums { get; } = [];

    /// <summary>Σ x·ŷᵀ, row-major.</summary>
    internal double[] Cross { get; } = [];

    internal void Add(Activation x, Workers workers)
    {
        int count = layer.CountIn(x);
        for (int from = 0, part; from < count; from += part)
        {
            part = Math.Min(count - from, Width - filled % Width);
            CopyTo(vectors, x, from, part);
            Advance(part, workers);
        }
    }

    /// <summary>Adds vectors and those that belong to them.</summary>
    internal void Add(Activation x, Activation other, Workers workers)
    {
        int count = layer.CountIn(x);
        for (int from = 0, part; from < count; from += part)
        {
            part = Math.Min(count - from, Width - filled % Width);
            CopyTo(vectors, x, from, part);
            CopyTo(otherVectors, other, from, part);
            Advance(part, workers);
        }
    }

    /// <summary>Ends the sums.</summary>
    /// <param name="examples">How many examples there were.</param>
    /// <param name="workers">Who computes.</param>
    internal void Finish(long examples, Workers workers)
    {
        Examples = examples;
        int left = filled % Width;
        if (left > 0)
        {
            ClearFrom(left, LastBlock(vectors));
            if (otherVectors is not null)
                ClearFrom(left, LastBlock(otherVectors));
            filled += Width - left;
        }
        Take(workers);
        for (int i = 0; i < Size; i++)
        for (int j = i + 1; j < Size; j++)
            Products[i * Size + j] = Products[j * Size + i];
    }

    private void CopyTo(double[]? matrices, Activation x, int from, int count) =>
        layer.CopyTo(x, from, count, LastBlock(matrices), Width, filled % Width);

    private Span<double> LastBlock(double[]? matrices) => matrices.AsSpan(filled / Width * Size * Width, Size * Width);

    private void Advance(int count, Workers workers)
    {
        (filled, Vectors) = (filled + count, Vectors + count);
        if (filled == blocks * Width)
            Take(workers);
    }

    private void Take(Workers workers)
    {
        int length = filled * Size;
        filled = 0;
        DotProducts.AddLower(vectors.AsMemory(0, length), Size, Width, Products, workers);
        AddRows(vectors.AsSpan(0, length), Sums);
        if (otherVectors is null)
            return;
        DotProducts.Add(vectors.AsMemory(0, length), otherVectors.AsMemory(0, length), Size, Width, Cross, workers);
        AddRows(otherVectors.AsSpan(0, length), OtherSums);
    }

    private static void AddRows(ReadOnlySpan<double> from, double[] sums)
    {
        for (int at = 0; at < from.Length; at += Width)
            foreach (double v in from.Slice(at, Width))
                sums[at / Width % sums.Length] += v;
    }

    private void ClearFrom(int column, Span<double> matrix)
    {
        for (int i = 0; i < Size; i++)
            matrix.Slice(i * Width + column, Width - column).Clear();
    }
}
