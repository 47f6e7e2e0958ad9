using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// centroids[index]: the centroids are parameters, and the gradient of one is the sum over the weights that share it
/// (Han, Mao, Dally 2016, equation 3). A zero apart is not trained.
/// </summary>
internal sealed class CodebookParameterization : WeightParameterization
{
    private readonly CodebookEncoding encoding;
    private readonly TorchTensor? positions,
        zeros;
    private readonly TorchTensor indices;
    private readonly long[] sizes;

    public CodebookParameterization(CodebookEncoding encoding)
    {
        this.encoding = encoding;
        sizes = Operators.Shapes.Sizes(encoding.Shape);
        int first = encoding.ZeroApart ? 1 : 0;
        Parameter = Leaf(encoding.Codebook[first..], new Shape(encoding.Codebook.Length - first));
        int[] kept = [.. Enumerable.Range(0, encoding.Count).Where(i => encoding.Indices[i] >= first)];
        indices = TorchTensor
            .From<long>(Array.ConvertAll(kept, i => (long)encoding.Indices[i] - first), kept.Length)
            .Keep();
        if (!encoding.ZeroApart)
            return;
        positions = TorchTensor.From<long>(Array.ConvertAll(kept, i => (long)i), kept.Length).Keep();
        zeros = Ops.Zeros([encoding.Count]).Keep();
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective()
    {
        TorchTensor shared = Parameter.IndexSelect(0, indices);
        return (zeros is null ? shared : zeros.IndexCopy(0, positions!, shared)).View(sizes);
    }

    /// <inheritdoc/>
    public override Encoding ToEncoding()
    {
        float[] trained = Parameter.ToArray<float>();
        return new CodebookEncoding(
            encoding.Shape,
            encoding.ZeroApart ? [0, .. trained] : trained,
            encoding.Indices.ToArray(),
            encoding.ZeroApart
        );
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        indices.Dispose();
        positions?.Dispose();
        zeros?.Dispose();
    }
}

/// <summary>
/// Sums of codebooks' entries: the entries are free, codes stay; the gradient of an entry is the sum over the vectors
/// that have it.
/// </summary>
internal sealed class VectorParameterization : WeightParameterization
{
    private readonly VectorEncoding encoding;
    private readonly TorchTensor[] entries;
    private readonly long[] sizes;

    public VectorParameterization(VectorEncoding encoding)
    {
        (this.encoding, sizes) = (encoding, Operators.Shapes.Sizes(encoding.Shape));
        VectorLayout layout = encoding.Layout;
        int vectors = layout.Vectors(encoding.Shape),
            books = layout.Books(encoding.Shape);
        Parameter = Leaf(encoding.Codebooks, new Shape(encoding.Codebooks.Length / layout.Length, layout.Length));
        entries =
        [
            .. Enumerable
                .Range(0, layout.Stages)
                .Select(stage =>
                {
                    long[] places =
                    [
                        .. Enumerable
                            .Range(0, vectors)
                            .Select(v => (long)layout.Entry(stage, v, books, encoding.Codes[stage * vectors + v])),
                    ];
                    return TorchTensor.From<long>(places, vectors).Keep();
                }),
        ];
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective() =>
        entries.Select(e => Parameter.IndexSelect(0, e)).Aggregate((a, b) => a.Add(b)).View(sizes);

    /// <inheritdoc/>
    public override Encoding ToEncoding() =>
        new VectorEncoding(encoding.Shape, encoding.Layout, Parameter.ToArray<float>(), encoding.Codes.ToArray());

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        foreach (TorchTensor places in entries)
            places.Dispose();
    }
}
