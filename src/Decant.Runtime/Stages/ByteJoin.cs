using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Puts the channels of images of bytes side by side.</summary>
internal sealed unsafe class ByteJoin(ByteImage[] parts, ByteImage whole) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => parts.Select(p => p.Buffer).Append(whole.Buffer);

    public override void Bind() => whole.FillBorder();

    public override void Run(int piece, float* scratch)
    {
        int channel = 0;
        foreach (ByteImage part in parts)
        {
            for (int n = 0; n < whole.Images; n++)
                for (int y = 0; y < whole.Height; y++)
                {
                    byte* from = part.Address + (nint)n * part.ImageStride + part.At(y, 0), to = whole.Address + (nint)n * whole.ImageStride + whole.At(y, 0) + channel;
                    for (int x = 0; x < whole.Width; x++, from += part.Channels, to += whole.Channels) new ReadOnlySpan<byte>(from, part.Channels).CopyTo(new Span<byte>(to, part.Channels));
                }
            channel += part.Channels;
        }
    }
}
