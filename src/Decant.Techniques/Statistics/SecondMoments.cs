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

    private readonly LayerInputs layer;
    private readonly double[] block;
    private readonly double[]? otherBlock;
    private int filled;

    /// <summary>Begins with no vectors.</summary>
    internal SecondMoments(LayerInputs layer, bool withOther = false)
    {
        this.layer = layer;
        int size = layer.Size;
        (block, Sums, Products) = (new double[size * Width], new double[size], new double[size * size]);
        if (withOther)
            (otherBlock, OtherSums, Cross) = (new double[size * Width], new double[size], new double[size * size]);
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
            part = Math.Min(count - from, Width - filled);
            layer.CopyTo(x, from, part, block, Width, filled);
            Advance(part, workers);
        }
    }

    /// <summary>Adds vectors and those that belong to them.</summary>
    internal void Add(Activation x, Activation other, Workers workers)
    {
        int count = layer.CountIn(x);
        for (int from = 0, part; from < count; from += part)
        {
            part = Math.Min(count - from, Width - filled);
            layer.CopyTo(x, from, part, block, Width, filled);
            layer.CopyTo(other, from, part, otherBlock, Width, filled);
            Advance(part, workers);
        }
    }

    /// <summary>Ends the sums.</summary>
    /// <param name="examples">How many examples there were.</param>
    /// <param name="workers">Who computes.</param>
    internal void Finish(long examples, Workers workers)
    {
        Examples = examples;
        Clear(block);
        if (otherBlock is not null)
            Clear(otherBlock);
        Take(workers);
        for (int i = 0; i < Size; i++)
        for (int j = i + 1; j < Size; j++)
            Products[i * Size + j] = Products[j * Size + i];
    }

    private void Advance(int count, Workers workers)
    {
        (filled, Vectors) = (filled + count, Vectors + count);
        if (filled < Width)
            return;
        Take(workers);
        filled = 0;
    }

    private void Take(Workers workers)
    {
        DotProducts.AddLower(block, Size, Width, Products, workers);
        AddRows(block, Sums);
        if (otherBlock is null)
            return;
        DotProducts.Add(block, otherBlock, Size, Width, Cross, workers);
        AddRows(otherBlock, OtherSums);
    }

    private static void AddRows(double[] from, double[] sums)
    {
        for (int i = 0; i < sums.Length; i++)
            foreach (double v in from.AsSpan(i * Width, Width))
                sums[i] += v;
    }

    private void Clear(double[] matrix)
    {
        for (int i = 0; i < Size; i++)
            matrix.AsSpan(i * Width + filled, Width - filled).Clear();
    }
}
