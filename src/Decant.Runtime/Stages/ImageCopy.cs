using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// Copies a part of images into a part of others, and fills the rest with a number: ONNX's Slice, Pad and Concat over images. Pixel (y, x)
/// of the part comes from (Y0 + y·StepY, X0 + x·StepX).
/// </summary>
internal sealed unsafe class ImageCopy(ImageView from, ImageView to, ImagePart part, float? fill) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => [from.Buffer, to.Buffer];

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch)
    {
        for (int n = 0; n < to.Images; n++)
            for (int y = 0; y < to.Height; y++)
            {
                float* row = to.Address + (nint)n * to.ImageStride + to.At(y, 0);
                if (fill is { } value)
                    for (int x = 0; x < to.Width; x++) new Span<float>(row + x * to.PixelStride, to.Channels).Fill(value);
                if (y < part.ToY || y >= part.ToY + part.Height) continue;
                float* source = from.Address + (nint)n * from.ImageStride + from.At(part.FromY + (y - part.ToY) * part.StepY, part.FromX) + part.FromChannel;
                Row(source, row + part.ToX * to.PixelStride + part.ToChannel);
            }
    }

    private void Row(float* source, float* target)
    {
        for (int x = 0; x < part.Width; x++, source += part.StepX * from.PixelStride, target += to.PixelStride)
            new ReadOnlySpan<float>(source, part.Channels).CopyTo(new Span<float>(target, part.Channels));
    }
}
