using Decant.Runtime.CompressedKernels.Binary;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A convolution of the signs of its input with binary weights.</summary>
internal sealed unsafe class BinaryPlanes(
    PlanBuffer input,
    PlanBuffer output,
    int images,
    BinaryConvolution convolution
) : Stage
{
    private readonly Pinned<byte> packed = new(convolution.PackedLength);

    public override IEnumerable<PlanBuffer> Buffers => [input, output];

    public override int Scratch => (convolution.Scratch + 1) / 2;

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        BinaryConvolutionGeometry geometry = convolution.Geometry;
        int inputs = geometry.InputHeight * geometry.InputWidth,
            outputs = geometry.OutputPlane;
        for (int n = 0; n < images; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            convolution.Pack(
                new ReadOnlySpan<float>(
                    input.Address + (nint)n * geometry.Channels * inputs,
                    geometry.Channels * inputs
                ),
                inputs,
                1,
                packed.Span
            );
            var y = new Span<float>(
                output.Address + (nint)n * convolution.Outputs * outputs,
                convolution.Outputs * outputs
            );
            convolution.Run(packed.Span, y, outputs, 1, 0, outputs, new Span<ushort>(scratch, convolution.Scratch));
        }
    }
}
