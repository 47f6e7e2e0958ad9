using Decant.Runtime.Forms.Sparse;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A convolution by the weights that are not zero, over channels plane by plane.</summary>
internal sealed unsafe class SparsePlanes(PlanBuffer input, PlanBuffer output, int images, SparseConvolution convolution, VectorWidth width) : Stage
{
    // Padding is never written, so it stays zero.
    private readonly Pinned<float>? packed = convolution.Plan.IsPacked ? null : new Pinned<float>(convolution.Plan.PackedLength);

    public override IEnumerable<PlanBuffer> Buffers => [input, output];

    public override int Scratch => convolution.Plan.Scratch;

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch)
    {
        SparsePlan plan = convolution.Plan;
        int plane = checked(plan.Channels * plan.InputHeight * plan.InputWidth), results = convolution.Outputs * plan.OutputPlane;
        for (int n = 0; n < images; n++)
        {
            // Where an image is read as it lies, vectors read on into what follows it; the arena leaves room for that.
            var x = new ReadOnlySpan<float>(input.Address + (nint)n * plane, packed is null ? plan.PackedLength : plane);
            if (packed is not null)
            {
                plan.Pack(x, packed.Span, 0, plan.Channels);
                x = packed.Span;
            }
            convolution.Run(x, new Span<float>(output.Address + (nint)n * results, results), 0, convolution.Outputs, new Span<float>(scratch, Scratch), width);
        }
    }
}
