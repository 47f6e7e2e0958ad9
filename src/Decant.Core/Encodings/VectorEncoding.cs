namespace Decant.Core;

/// <summary>
/// Vector quantization (Gong, Liu, Yang, Bourdev 2014): each stretch of a few neighbouring numbers is an entry of a codebook, or the sum
/// of one entry of each of several: product quantization where each place of a row has its codebook, residual quantization where there
/// are several stages.
/// </summary>
public sealed class VectorEncoding : Encoding
{
    private readonly float[] codebooks;
    private readonly byte[] codes;

    /// <summary>Holds codebooks and codes, neither copied.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="layout">How it is cut.</param>
    /// <param name="codebooks">The entries of each stage's codebooks, one after another.</param>
    /// <param name="codes">A code for each vector in row-major order, stage after stage.</param>
    /// <exception cref="ModelException">The layout does not fit the shape, lengths do not fit, or a code is outside its codebook.</exception>
    public VectorEncoding(Shape shape, VectorLayout layout, float[] codebooks, byte[] codes) : base(ElementType.Float32, shape)
    {
        if (layout.Problem(shape) is { } problem) throw new ModelException(problem);
        if (codebooks.Length != layout.Numbers(shape)) throw new ModelException($"codebooks of {codebooks.Length} numbers, not {layout.Numbers(shape)}");
        if (codes.Length != layout.Stages * layout.Vectors(shape)) throw new ModelException($"{codes.Length} codes for {layout.Stages} stages of {layout.Vectors(shape)} vectors");
        if (layout.Entries < CodebookEncoding.MaxEntries && codes.AsSpan().ContainsAnyInRange((byte)layout.Entries, (byte)255)) throw new ModelException($"a code lies outside a codebook of {layout.Entries} entries");
        (Layout, this.codebooks, this.codes) = (layout, codebooks, codes);
    }

    /// <inheritdoc/>
    public override string Kind => "vector";

    /// <summary>How the weight is cut.</summary>
    public VectorLayout Layout { get; }

    /// <summary>The entries of each stage's codebooks, one after another.</summary>
    public ReadOnlySpan<float> Codebooks => codebooks;

    /// <summary>A code for each vector, stage after stage.</summary>
    public ReadOnlySpan<byte> Codes => codes;

    /// <summary>Bits of a number's share of its vector's codes, rounded up.</summary>
    public override int Bits => (int)Math.Ceiling(Layout.Stages * Math.Max(1, Math.Ceiling(Math.Log2(Layout.Entries))) / Layout.Length);

    /// <inheritdoc/>
    public override long NonZeros => Count - Decode().Span<float>().Count(0f);

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        var result = new float[Count];
        int length = Layout.Length, vectors = Layout.Vectors(Shape), books = Layout.Books(Shape);
        for (int stage = 0, at = 0; stage < Layout.Stages; stage++)
            for (int v = 0; v < vectors; v++, at++)
            {
                ReadOnlySpan<float> entry = codebooks.AsSpan(Layout.Entry(stage, v, books, codes[at]) * length, length);
                Span<float> to = result.AsSpan(v * length, length);
                for (int i = 0; i < length; i++) to[i] += entry[i];
            }
        return Tensor.Of(Shape, result);
    }
}
