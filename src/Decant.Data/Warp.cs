using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Decant.Data;

/// <summary>Turns, scales and elastically bends images by bilinear interpolation; float32 in a fixed order.</summary>
internal sealed class Warp
{
    private const int Lanes = 8;

    private readonly Augmentation augmentation;
    private readonly int channels,
        height,
        width,
        stride;
    private readonly float[] plain,
        padded,
        right,
        down;
    private readonly int[] corners;
    private readonly ElasticField? field;

    public Warp(Augmentation augmentation, int channels, int height, int width)
    {
        (this.augmentation, this.channels, this.height, this.width) = (augmentation, channels, height, width);
        // One black row and column before the image and two after it: every clamped place then has four neighbours.
        stride = width + 3;
        padded = new float[channels * (height + 3) * stride];
        plain = new float[channels * height * width];
        int whole = (width + Lanes - 1) / Lanes * Lanes;
        (corners, right, down) = (new int[whole], new float[whole], new float[whole]);
        if (augmentation.Elastic is { } elastic)
            field = new ElasticField(elastic, height, width, Lanes);
    }

    public void Apply<T>(ReadOnlySpan<T> image, Span<float> to, int dx, int dy, bool flip, ref CounterRandom random)
        where T : unmanaged
    {
        double factor = 1 + random.Next(-augmentation.Scale, augmentation.Scale);
        var (sin, cos) = Trigonometry.SinCos(random.Next(-augmentation.Rotate, augmentation.Rotate) * (Math.PI / 180));
        field?.Draw(ref random);
        Load(image);
        var turn = new Rotation(
            (float)(cos / factor),
            (float)(sin / factor),
            flip ? -1 : 1,
            (width - 1) / 2f,
            (height - 1) / 2f
        );
        for (int y = 0; y < height; y++)
        {
            Place(turn, y, dx, dy);
            for (int c = 0; c < channels; c++)
                Interpolate(c, to.Slice((c * height + y) * width, width));
        }
    }

    /// <summary>
    /// Finds where each pixel of a row comes from: the upper left of its four neighbours, and how far right and down of
    /// it.
    /// </summary>
    private void Place(Rotation turn, int y, int dx, int dy)
    {
        var v = Vector256.Create(y - dy - turn.MiddleY);
        for (int x = 0; x < corners.Length; x += Lanes)
        {
            var u =
                Vector256.ConvertToSingle(Vector256<int>.Indices + Vector256.Create(x - dx))
                - Vector256.Create(turn.MiddleX);
            var sx = turn.Cos * u + turn.Sin * v;
            var sy = turn.Cos * v - turn.Sin * u;
            if (field is not null)
            {
                sx += Vector256.LoadUnsafe(ref field.X[y * width + x]);
                sy += Vector256.LoadUnsafe(ref field.Y[y * width + x]);
            }
            sx = Vector256.Clamp(
                turn.Mirror * sx + Vector256.Create(turn.MiddleX + 1),
                Vector256<float>.Zero,
                Vector256.Create(width + 1f)
            );
            sy = Vector256.Clamp(
                sy + Vector256.Create(turn.MiddleY + 1),
                Vector256<float>.Zero,
                Vector256.Create(height + 1f)
            );
            var (column, row) = (Vector256.ConvertToInt32(sx), Vector256.ConvertToInt32(sy));
            (row * stride + column).StoreUnsafe(ref corners[x]);
            (sx - Vector256.ConvertToSingle(column)).StoreUnsafe(ref right[x]);
            (sy - Vector256.ConvertToSingle(row)).StoreUnsafe(ref down[x]);
        }
    }

    private void Interpolate(int channel, Span<float> to)
    {
        // Place has clamped every corner to where it and its three neighbours lie inside the padded plane.
        ref float plane = ref padded[channel * (height + 3) * stride];
        ref int places = ref MemoryMarshal.GetArrayDataReference(corners);
        for (int x = 0; x < to.Length; x++)
        {
            ref float corner = ref Unsafe.Add(ref plane, Unsafe.Add(ref places, x));
            float p = corner,
                q = Unsafe.Add(ref corner, 1),
                r = Unsafe.Add(ref corner, stride),
                s = Unsafe.Add(ref corner, stride + 1);
            float top = p + right[x] * (q - p),
                bottom = r + right[x] * (s - r);
            to[x] = top + down[x] * (bottom - top);
        }
    }

    private void Load<T>(ReadOnlySpan<T> image)
        where T : unmanaged
    {
        ReadOnlySpan<float> floats = plain;
        if (typeof(T) == typeof(byte))
            NormalizationKernel.Widen(MemoryMarshal.AsBytes(image), plain);
        else
            floats = MemoryMarshal.Cast<T, float>(image);
        for (int row = 0; row < channels * height; row++)
            floats
                .Slice(row * width, width)
                .CopyTo(padded.AsSpan((row / height * (height + 3) + row % height + 1) * stride + 1));
    }

    private readonly record struct Rotation(float Cos, float Sin, float Mirror, float MiddleX, float MiddleY);
}
