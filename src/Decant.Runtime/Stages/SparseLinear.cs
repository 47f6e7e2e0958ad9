using Decant.Runtime.CompressedKernels.Codebook;
using Decant.Runtime.CompressedKernels.Sparse;
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
        groupsAPiece = WorkPartition.Grain(product.Groups, (long)product.NonZeros * layer.Rows * 8, threads);
        Pieces = (product.Groups + groupsAPiece - 1) / groupsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override int Scratch => product.Scratch(layer.Rows, width);

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        var x = new ReadOnlySpan<float>(layer.Input.Address, layer.Rows * layer.Depth);
        var y = new Span<float>(layer.Output.Address, layer.Rows * layer.Outputs);
        product.Run(
            x,
            y,
            layer.Rows,
            piece * groupsAPiece,
            Math.Min(product.Groups, (piece + 1) * groupsAPiece),
            new Span<float>(scratch, Scratch),
            width
        );
    }
}

/// <summary>A convolution by the weights that are not zero, over channels plane by plane.</summary>
internal sealed unsafe class SparsePlanes(
    PlanBuffer input,
    PlanBuffer output,
    int images,
    SparseConvolution convolution,
    VectorWidth width
) : Stage
{
    // Padding is never written, so it stays zero.
    private readonly Pinned<float>? packed = convolution.Geometry.IsPacked
        ? null
        : new Pinned<float>(convolution.Geometry.PackedLength);

    public override IEnumerable<PlanBuffer> Buffers => [input, output];

    public override int Scratch => convolution.Geometry.Scratch;

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        SparseConvolutionGeometry geometry = convolution.Geometry;
        int plane = checked(geometry.Channels * geometry.InputHeight * geometry.InputWidth),
            results = convolution.Outputs * geometry.OutputPlane;
        for (int n = 0; n < images; n++)
        {
            // Where an image is read as it lies, vectors read on into what follows it; the arena leaves room for that.
            var x = new ReadOnlySpan<float>(
                input.Address + (nint)n * plane,
                packed is null ? geometry.PackedLength : plane
            );
            if (packed is not null)
            {
                geometry.Pack(x, packed.Span, 0, geometry.Channels);
                x = packed.Span;
            }
            var y = new Span<float>(output.Address + (nint)n * results, results);
            for (int channel = 0; channel < convolution.Outputs; channel++)
            {
                cancellation.ThrowIfCancellationRequested();
                convolution.Run(x, y, channel, channel + 1, new Span<float>(scratch, Scratch), width);
            }
        }
    }
}

/// <summary>A small fully connected layer by the weights that are not zero, row by row of its inputs.</summary>
internal sealed unsafe class WindowedLinear(LinearLayer layer, WindowedProduct product) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        for (int row = 0; row < layer.Rows; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            product.Run(
                layer.Input.Address + (nint)row * layer.Depth,
                layer.Output.Address + (nint)row * layer.Outputs,
                0,
                product.Groups
            );
        }
    }
}

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
        groupsAPiece = WorkPartition.Grain(product.Groups, layer.Macs, threads);
        Pieces = (product.Groups + groupsAPiece - 1) / groupsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        var x = new ReadOnlySpan<float>(layer.Input.Address, layer.Rows * layer.Depth);
        var y = new Span<float>(layer.Output.Address, layer.Rows * layer.Outputs);
        product.Run(
            x,
            y,
            layer.Rows,
            piece * groupsAPiece,
            Math.Min(product.Groups, (piece + 1) * groupsAPiece),
            width
        );
    }
}
