using Decant.Runtime.Forms.Codebook;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A fully connected layer whose weights are looked up in a codebook while they are multiplied.</summary>
internal sealed unsafe class CodedLinear : Stage
{
    private readonly LinearLayer layer;
    private readonly CodebookProduct product;
    private readonly VectorWidth width;
    private readonly int groupsAPiece;

    public CodedLinear(LinearLayer layer, CodebookProduct product, VectorWidth width, int threads)
    {
        (this.layer, this.product, this.width) = (layer, product, width);
        groupsAPiece = Share.Grain(product.Groups, layer.Macs, threads);
        Pieces = (product.Groups + groupsAPiece - 1) / groupsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch)
    {
        var x = new ReadOnlySpan<float>(layer.Input.Address, layer.Rows * layer.Depth);
        var y = new Span<float>(layer.Output.Address, layer.Rows * layer.Outputs);
        product.Run(x, y, layer.Rows, piece * groupsAPiece, Math.Min(product.Groups, (piece + 1) * groupsAPiece), width);
    }
}
