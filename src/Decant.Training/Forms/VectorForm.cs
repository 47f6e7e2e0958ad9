using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Sums of codebooks' entries: the entries are free, codes stay; the gradient of an entry is the sum over the vectors that have it.</summary>
internal sealed class VectorForm : WeightForm
{
    private readonly VectorEncoding encoding;
    private readonly TorchTensor[] entries;
    private readonly long[] sizes;

    public VectorForm(VectorEncoding encoding)
    {
        (this.encoding, sizes) = (encoding, Operators.Shapes.Sizes(encoding.Shape));
        VectorLayout layout = encoding.Layout;
        int vectors = layout.Vectors(encoding.Shape), books = layout.Books(encoding.Shape);
        Parameter = Leaf(encoding.Codebooks, new Shape(encoding.Codebooks.Length / layout.Length, layout.Length));
        entries = [.. Enumerable.Range(0, layout.Stages).Select(stage =>
        {
            long[] places = [.. Enumerable.Range(0, vectors).Select(v => (long)layout.Entry(stage, v, books, encoding.Codes[stage * vectors + v]))];
            return TorchTensor.From<long>(places, vectors).Keep();
        })];
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective() => entries.Select(e => Parameter.IndexSelect(0, e)).Aggregate((a, b) => a.Add(b)).View(sizes);

    /// <inheritdoc/>
    public override Encoding ToEncoding() => new VectorEncoding(encoding.Shape, encoding.Layout, Parameter.ToArray<float>(), encoding.Codes.ToArray());

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        foreach (TorchTensor places in entries) places.Dispose();
    }
}
