namespace Decant.Core;

/// <summary>
/// Weight sharing (Han, Mao, Dally 2016): a codebook of at most 256 numbers, and for each weight an index into it.
/// Where the weight was pruned before, entry 0 is zero and stands apart: it is not trained, and its indices are the
/// mask.
/// </summary>
public sealed class CodebookEncoding : Encoding
{
    /// <summary>The most entries a codebook may have.</summary>
    public const int MaxEntries = 256;

    private readonly float[] codebook;
    private readonly byte[] indices;

    /// <summary>Holds a codebook and row-major indices, neither copied.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="codebook">1 to 256 numbers; entry 0 must be zero if <paramref name="zeroApart"/>.</param>
    /// <param name="indices">One index a weight.</param>
    /// <param name="zeroApart">Entry 0 is the zero of pruned weights.</param>
    /// <exception cref="ModelException">An index is outside the codebook, or lengths do not fit.</exception>
    public CodebookEncoding(Shape shape, float[] codebook, byte[] indices, bool zeroApart)
        : base(ElementType.Float32, shape)
    {
        if (codebook.Length is 0 or > MaxEntries)
            throw new ModelException($"a codebook of {codebook.Length} entries; 1 to {MaxEntries} are possible");
        if (indices.Length != shape.Count)
            throw new ModelException($"{indices.Length} codebook indices do not fill shape {shape}");
        if (zeroApart && codebook[0] != 0)
            throw new ModelException("entry 0 of a codebook with zero apart must be 0");
        if (
            indices.AsSpan().ContainsAnyInRange((byte)Math.Min(codebook.Length, 255), (byte)255)
            && codebook.Length < MaxEntries
        )
            throw new ModelException($"an index lies outside a codebook of {codebook.Length} entries");
        (this.codebook, this.indices, ZeroApart) = (codebook, indices, zeroApart);
    }

    /// <inheritdoc/>
    public override string Kind => "codebook";

    /// <summary>Bits of an index into the entries that are not the zero apart; at least 1.</summary>
    public override int Bits => Math.Max(1, (int)Math.Ceiling(Math.Log2(codebook.Length - (ZeroApart ? 1 : 0))));

    /// <summary>Whether entry 0 is the zero of pruned weights.</summary>
    public bool ZeroApart { get; }

    /// <summary>The centroids.</summary>
    public ReadOnlySpan<float> Codebook => codebook;

    /// <summary>One index into the codebook for each weight, row-major.</summary>
    public ReadOnlySpan<byte> Indices => indices;

    /// <inheritdoc/>
    public override long NonZeros
    {
        get
        {
            long zeros = 0;
            for (int i = 0; i < codebook.Length; i++)
                if (codebook[i] == 0)
                    zeros += indices.AsSpan().Count((byte)i);
            return indices.LongLength - zeros;
        }
    }

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        float[] result = GC.AllocateUninitializedArray<float>(indices.Length);
        for (int i = 0; i < result.Length; i++)
            result[i] = codebook[indices[i]];
        return Tensor.Of(Shape, result);
    }
}
