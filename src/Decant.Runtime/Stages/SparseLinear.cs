using Decant.Runtime.Forms.Sparse;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A fully connected layer by the weights that are not zero.</summary>
internal sealed unsafe class SparseLinear : Stage
{
    private readonly LinearLayer layer;
    private readonly SparseProduct product;
    private readonly VectorWidth width;
    private readonly int groupsAPiece;

    public SparseLinear(LinearLayer layer, SparseProduct product, VectorWidth width, int threads)
    {
        (this.layer, this.product, this.width) = (layer, product, width);
        groupsAPiece = Share.Grain(product.Groups, (long)product.NonZeros * layer.Rows * 8, threads);
        Pieces = (product.Groups + groupsAPiece - 1) / groupsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override int Scratch => product.Scratch(layer.Rows, width);

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch)
    {
        var x = new ReadOnlySpan<float>(layer.Input.Address, layer.Rows * layer.Depth);
        var y = new Span<float>(layer.Output.Address, layer.Rows * layer.Outputs);
        product.Run(x, y, layer.Rows, piece * groupsAPiece, Math.Min(product.Groups, (piece + 1) * groupsAPiece), new Span<float>(scratch, Scratch), width);
    }
}
