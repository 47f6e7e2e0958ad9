namespace Decant.Core;

/// <summary>
/// Numbers at stated positions; every other one is zero. The result of pruning: the positions are the mask.
/// </summary>
public sealed class SparseEncoding : Encoding
{
    private readonly int[] positions;
    private readonly float[] values;

    /// <summary>Holds row-major positions, strictly rising, and the value at each; neither is copied.</summary>
    /// <exception cref="ModelException">Lengths differ, or a position is out of order or outside the shape.</exception>
    public SparseEncoding(Shape shape, int[] positions, float[] values)
        : base(ElementType.Float32, shape)
    {
        if (positions.Length != values.Length)
            throw new ModelException($"a sparse weight has {positions.Length} positions but {values.Length} values");
        CheckPositions(shape, positions);
        (this.positions, this.values) = (positions, values);
    }

    /// <inheritdoc/>
    public override string Kind => "sparse";

    /// <inheritdoc/>
    public override int Bits => 32;

    /// <summary>Row-major positions of the numbers kept, strictly rising.</summary>
    public ReadOnlySpan<int> Positions => positions;

    /// <summary>The numbers kept.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <inheritdoc/>
    public override long NonZeros => values.LongLength - values.AsSpan().Count(0f);

    /// <summary>Keeps the numbers of a float tensor that are not zero.</summary>
    public static SparseEncoding FromNonZeros(Tensor tensor)
    {
        ReadOnlySpan<float> all = tensor.Span<float>();
        int n = all.Length - all.Count(0f);
        var (positions, values) = (new int[n], new float[n]);
        for (int i = 0, k = 0; i < all.Length; i++)
            if (all[i] != 0)
                (positions[k], values[k++]) = (i, all[i]);
        return new SparseEncoding(tensor.Shape, positions, values);
    }

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        Tensor result = Tensor.Zeros(ElementType.Float32, Shape);
        Span<float> all = result.Span<float>();
        for (int k = 0; k < positions.Length; k++)
            all[positions[k]] = values[k];
        return result;
    }

    private static void CheckPositions(Shape shape, int[] positions)
    {
        int last = -1;
        foreach (int p in positions)
        {
            if (p <= last || p >= shape.Count)
                throw new ModelException($"position {p} of a sparse weight is out of order or outside shape {shape}");
            last = p;
        }
    }
}
