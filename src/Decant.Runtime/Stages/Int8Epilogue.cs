using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Runtime.CompressedKernels.Int8;
using Decant.Runtime.CompressedKernels.Int8.Winograd;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// The epilogue of exact sums: scaled, a bias added, clamped; then rounded half to even to bytes, or left as floats.
/// </summary>
internal sealed unsafe class Int8Epilogue
{
    private const int Columns = Int8Weights.Columns;
    private readonly Int8Layer layer;
    private readonly int outputs;
    private readonly Pinned<int> offsets;
    private readonly Pinned<float> scales,
        biases;
    private readonly float low,
        high;
    private byte* bytes;
    private float* floats;

    public Int8Epilogue(Int8Layer layer, Int8Filters filters)
    {
        (this.layer, outputs) = (layer, filters.Weights.Outputs);
        (offsets, scales, biases) = (
            new Pinned<int>(filters.Scales.Count),
            new Pinned<float>(filters.Scales.Count),
            new Pinned<float>(filters.Scales.Count)
        );
        ByteRange x = layer.Input.Range;
        float step = layer.Bytes?.Range.Scale ?? 1;
        for (int o = 0; o < outputs; o++)
        {
            offsets.Address[o] = unchecked(-(x.Zero + (x.Signed ? 128 : 0)) * filters.Weights.Sums[o]);
            scales.Address[o] = x.Scale * filters.Scales.Address[o] / step;
            if (WholeSteps(filters.Bias.Address[o], x.Scale * filters.Scales.Address[o]) is { } steps)
                offsets.Address[o] = unchecked(offsets.Address[o] + steps);
            else
                biases.Address[o] = filters.Bias.Address[o] / step;
        }
        (low, high) = layer.Bytes is { } y
            ? (y.Range.Of(layer.Low) - y.Range.Zero, y.Range.Of(layer.High) - y.Range.Zero)
            : (layer.Low, layer.High);
    }

    // A bias in whole steps is part of the exact sum, as QDQ models mean it; float keeps 24 bits of it.
    private static int? WholeSteps(float bias, float step)
    {
        double steps = bias / (double)step,
            whole = Math.Round(steps);
        return Math.Abs(whole) < 1 << 24 && Math.Abs(steps - whole) <= Math.Min(0.1, 1e-4 + 2e-7 * Math.Abs(whole))
            ? (int)whole
            : null;
    }

    /// <summary>Takes the output's address.</summary>
    public void Bind()
    {
        if (layer.Bytes is not null)
            bytes = layer.Bytes.Address;
        else
            floats = layer.Floats!.Address;
    }

    /// <summary>Applies the epilogue to the sums of some pixels and a panel.</summary>
    public void Write(int* sums, int image, int panel, int* at, int pixels, VectorWidth width)
    {
        int channel = panel * Columns,
            count = Math.Min(Columns, outputs - channel);
        if (floats != null)
            Floats(sums, floats + (nint)image * layer.Floats!.ImageStride + channel, at, pixels, channel, count);
        else if (width == VectorWidth.V512 && count == Columns)
            Wide(sums, bytes + (nint)image * layer.Bytes!.ImageStride + channel, at, pixels, channel);
        else
            Bytes(sums, bytes + (nint)image * layer.Bytes!.ImageStride + channel, at, pixels, channel, count);
    }

    /// <summary>Applies the epilogue to the sums of Winograd's tiles for a panel, the last pixel of a tile
    /// first.</summary>
    /// <param name="sums">The first product's sums of the first tile.</param>
    /// <param name="step">Sums from a tile to the next.</param>
    /// <param name="product">Sums from a product to the next.</param>
    /// <param name="tiles">How many tiles.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="at">Where each tile's four pixels go.</param>
    /// <param name="width">How wide to compute.</param>
    public void Write(int* sums, nint step, nint product, int tiles, int panel, int* at, VectorWidth width)
    {
        if (floats == null && width == VectorWidth.V512)
        {
            WideTiles(sums, step, product, tiles, panel * Columns, at);
            return;
        }
        int* pixels = stackalloc int[4 * Columns];
        for (int t = 0; t < tiles; t++, sums += step, at += 4)
        {
            ByteTransforms.Output256(sums, product, pixels);
            for (int p = 3; p >= 0; p--)
                Write(pixels + p * Columns, 0, panel, at + p, 1, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WideTiles(int* sums, nint step, nint product, int tiles, int channel, int* at)
    {
        byte* to = bytes + channel;
        Vector512<int> offset = Vector512.Load(offsets.Address + channel),
            zero = Vector512.Create(layer.Bytes!.Range.Zero);
        Vector512<float> scale = Vector512.Load(scales.Address + channel),
            bias = Vector512.Load(biases.Address + channel),
            least = Vector512.Create(low),
            most = Vector512.Create(high);
        for (int t = 0; t < tiles; t++, sums += step, at += 4)
        {
            ByteTransforms.Row(sums, product, 1, out Vector512<int> left, out Vector512<int> right);
            Code(right, offset, scale, bias, least, most, zero).Store(to + at[3]);
            Code(left, offset, scale, bias, least, most, zero).Store(to + at[2]);
            ByteTransforms.Row(sums, product, 0, out left, out right);
            Code(right, offset, scale, bias, least, most, zero).Store(to + at[1]);
            Code(left, offset, scale, bias, least, most, zero).Store(to + at[0]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Code(
        Vector512<int> sum,
        Vector512<int> offset,
        Vector512<float> scale,
        Vector512<float> bias,
        Vector512<float> least,
        Vector512<float> most,
        Vector512<int> zero
    )
    {
        Vector512<float> value = Vector512.ConvertToSingle(sum + offset) * scale + bias;
        Vector512<int> code =
            Vector512.ConvertToInt32Native(
                Vector512.MinNative(most, Vector512.MaxNative(least, Vector512.Round(value)))
            ) + zero;
        return Avx512F.ConvertToVector128Byte(code.AsUInt32());
    }

    private void Wide(int* sums, byte* to, int* at, int pixels, int channel)
    {
        Vector512<int> offset = Vector512.Load(offsets.Address + channel),
            zero = Vector512.Create(layer.Bytes!.Range.Zero);
        Vector512<float> scale = Vector512.Load(scales.Address + channel),
            bias = Vector512.Load(biases.Address + channel),
            least = Vector512.Create(low),
            most = Vector512.Create(high);
        for (int p = 0; p < pixels; p++, sums += Columns)
            Code(Vector512.Load(sums), offset, scale, bias, least, most, zero).Store(to + at[p]);
    }

    private void Bytes(int* sums, byte* to, int* at, int pixels, int channel, int count)
    {
        for (int p = 0; p < pixels; p++, sums += Columns)
        for (int c = 0; c < count; c++)
            to[at[p] + c] = (byte)(
                (int)Math.Min(high, Math.Max(low, MathF.Round(Scaled(sums, channel, c)))) + layer.Bytes!.Range.Zero
            );
    }

    private void Floats(int* sums, float* to, int* at, int pixels, int channel, int count)
    {
        for (int p = 0; p < pixels; p++, sums += Columns)
        for (int c = 0; c < count; c++)
            to[at[p] + c] = Math.Min(high, Math.Max(low, Scaled(sums, channel, c)));
    }

    // Multiplied, then added: each rounds, as the wide kernel does.
    private float Scaled(int* sums, int channel, int c) =>
        (float)(sums[c] + offsets.Address[channel + c]) * scales.Address[channel + c] + biases.Address[channel + c];
}
