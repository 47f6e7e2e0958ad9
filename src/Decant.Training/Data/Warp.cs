using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Training.Data;

/// <summary>Turns, scales and elastically bends images by bilinear interpolation; float32 in a fixed order.</summary>
internal sealed class Warp
{
    private readonly Augmentation augmentation;
    private readonly int channels, height, width, stride;
    private readonly float[] padded;
    private readonly ElasticField? field;

    public Warp(Augmentation augmentation, int channels, int height, int width)
    {
        (this.augmentation, this.channels, this.height, this.width) = (augmentation, channels, height, width);
        // One black row and column before the image and two after it: every clamped place then has four neighbours.
        stride = width + 3;
        padded = new float[channels * (height + 3) * stride];
        if (augmentation.Elastic is { } elastic) field = new ElasticField(elastic, height, width);
    }

    public void Apply<T>(ReadOnlySpan<T> image, Span<float> to, int dx, int dy, bool flip, ref CounterRandom random) where T : unmanaged, INumberBase<T>
    {
        double factor = 1 + random.Next(-augmentation.Scale, augmentation.Scale);
        var (sin, cos) = Trigonometry.SinCos(random.Next(-augmentation.Rotate, augmentation.Rotate) * (Math.PI / 180));
        field?.Draw(ref random);
        Load(image);
        float cx = (width - 1) / 2f, cy = (height - 1) / 2f, mirror = flip ? -1 : 1;
        float a = (float)(cos / factor), b = (float)(sin / factor);
        ref float source = ref MemoryMarshal.GetArrayDataReference(padded);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                float u = x - dx - cx, v = y - dy - cy;
                float sx = a * u + b * v, sy = a * v - b * u;
                if (field is not null) (sx, sy) = (sx + field.X[y * width + x], sy + field.Y[y * width + x]);
                Sample(ref source, to, y * width + x, mirror * sx + cx + 1, sy + cy + 1);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sample(ref float source, Span<float> to, int at, float x, float y)
    {
        x = MathF.Min(MathF.Max(x, 0), width + 1);
        y = MathF.Min(MathF.Max(y, 0), height + 1);
        int column = (int)x, row = (int)y;
        float fx = x - column, fy = y - row;
        for (int c = 0; c < channels; c++)
        {
            ref float corner = ref Unsafe.Add(ref source, (c * (height + 3) + row) * stride + column);
            float p = corner, q = Unsafe.Add(ref corner, 1), r = Unsafe.Add(ref corner, stride), s = Unsafe.Add(ref corner, stride + 1);
            float top = p + fx * (q - p), bottom = r + fx * (s - r);
            to[c * height * width + at] = top + fy * (bottom - top);
        }
    }

    private void Load<T>(ReadOnlySpan<T> image) where T : unmanaged, INumberBase<T>
    {
        for (int row = 0; row < channels * height; row++)
        {
            ReadOnlySpan<T> from = image.Slice(row * width, width);
            Span<float> to = padded.AsSpan((row / height * (height + 3) + row % height + 1) * stride + 1, width);
            for (int x = 0; x < from.Length; x++)
                to[x] = typeof(T) == typeof(byte) ? (byte)(object)from[x] : (float)(object)from[x];
        }
    }
}
