using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Copies images between ONNX's order, channel by channel, and channels last.</summary>
internal sealed unsafe class LayoutCopy(PlanBuffer plain, ImageView view, bool toImages) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => [plain, view.Buffer];

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch)
    {
        int plane = view.Height * view.Width;
        for (int n = 0; n < view.Images; n++)
            for (int y = 0; y < view.Height; y++)
            {
                float* row = view.Address + (nint)n * view.ImageStride + view.At(y, 0);
                float* line = plain.Address + (nint)n * view.Channels * plane + y * view.Width;
                for (int c = 0; c < view.Channels; c++, line += plane)
                    if (toImages) Scatter(line, row + c);
                    else Gather(row + c, line);
            }
    }

    private void Scatter(float* line, float* pixel)
    {
        int step = view.PixelStride, width = view.Width;
        for (int x = 0; x < width; x++) pixel[(nint)x * step] = line[x];
    }

    private void Gather(float* pixel, float* line)
    {
        int step = view.PixelStride, width = view.Width;
        for (int x = 0; x < width; x++) line[x] = pixel[(nint)x * step];
    }
}
