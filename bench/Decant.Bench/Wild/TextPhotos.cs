using Decant.Core;
using Decant.Data;

namespace Decant.Bench;

/// <summary>Photos with lines of digits written on them, for networks that find and read text.</summary>
/// <param name="photos">RGB photos, uint8, N×3×H×W.</param>
internal sealed class TextPhotos(Tensor photos)
{
    private const int Side = 28,
        Margin = 3;

    private readonly int height = photos.Shape[2],
        width = photos.Shape[3];

    /// <summary>Whole photos with a line in each third of their height.</summary>
    public Tensor Pages() => Written([.. Enumerable.Range(0, 3).Select(i => (2 * i + 1) * height / 6 - Side / 2)]);

    /// <summary>Strips of photos, as high as one line that fills them.</summary>
    public Tensor Lines()
    {
        int top = (height - Side) / 2;
        Tensor written = Written([top]);
        int rows = Side + 2 * Margin;
        Tensor lines = Tensor.Zeros(ElementType.UInt8, new Shape(photos.Shape[0], 3, rows, width));
        for (int plane = 0; plane < photos.Shape[0] * 3; plane++)
            written
                .Bytes()
                .Slice((plane * height + top - Margin) * width, rows * width)
                .CopyTo(lines.Bytes()[(plane * rows * width)..]);
        return lines;
    }

    private Tensor Written(int[] tops)
    {
        int digits = width / Side;
        byte[] ink = Digits.Make(photos.Shape[0] * tops.Length * digits).Images.Array<byte>();
        Tensor written = Tensor.Of(photos.Shape, photos.Array<byte>().ToArray());
        int digit = 0;
        for (int photo = 0; photo < photos.Shape[0]; photo++)
            foreach (int top in tops)
                for (int i = 0; i < digits; i++, digit++)
                    Write(written.Span<byte>(), photo, top, i * Side, ink.AsSpan(digit * Side * Side, Side * Side));
        return written;
    }

    /// <summary>Every second photo gets white digits, the others black ones.</summary>
    private void Write(Span<byte> pixels, int photo, int top, int left, ReadOnlySpan<byte> ink)
    {
        int colour = photo % 2 == 0 ? 255 : 0;
        for (int channel = 0; channel < 3; channel++)
        for (int y = 0; y < Side; y++)
        for (int x = 0; x < Side; x++)
        {
            ref byte pixel = ref pixels[((photo * 3 + channel) * height + top + y) * width + left + x];
            int strength = ink[y * Side + x];
            pixel = (byte)((pixel * (255 - strength) + colour * strength) / 255);
        }
    }
}
