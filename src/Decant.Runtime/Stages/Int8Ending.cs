using System.Runtime.Intrinsics;
using Decant.Runtime.Forms.Int8;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>What becomes of exact sums: scaled, a bias added, clamped; then rounded half to even to bytes, or left as floats.</summary>
internal sealed unsafe class Int8Ending
{
    private const int Columns = Int8Weights.Columns;
    private readonly Int8Layer layer;
    private readonly int outputs;
    private readonly Pinned<int> offsets;
    private readonly Pinned<float> scales, biases;
    private readonly float low, high;
    private byte* bytes;
    private float* floats;

    public Int8Ending(Int8Layer layer, Int8Filters filters)
    {
        (this.layer, outputs) = (layer, filters.Weights.Outputs);
        (offsets, scales, biases) = (new Pinned<int>(filters.Scales.Count), new Pinned<float>(filters.Scales.Count), new Pinned<float>(filters.Scales.Count));
        ByteRange x = layer.Input.Range;
        float step = layer.Bytes?.Range.Scale ?? 1;
        for (int o = 0; o < outputs; o++)
        {
            offsets.Address[o] = unchecked(-(x.Zero + (x.Signed ? 128 : 0)) * filters.Weights.Sums[o]);
            scales.Address[o] = x.Scale * filters.Scales.Address[o] / step;
            biases.Address[o] = filters.Bias.Address[o] / step;
        }
        (low, high) = layer.Bytes is { } y ? (y.Range.Of(layer.Low) - y.Range.Zero, y.Range.Of(layer.High) - y.Range.Zero) : (layer.Low, layer.High);
    }

    /// <summary>Takes the output's address.</summary>
    public void Bind()
    {
        if (layer.Bytes is not null) bytes = layer.Bytes.Address;
        else floats = layer.Floats!.Address;
    }

    /// <summary>Ends the sums of some pixels and a panel.</summary>
    public void Write(int* sums, int image, int panel, int* at, int pixels, VectorWidth width)
    {
        int channel = panel * Columns, count = Math.Min(Columns, outputs - channel);
        if (floats != null) Floats(sums, floats + (nint)image * layer.Floats!.ImageStride + channel, at, pixels, channel, count);
        else if (width == VectorWidth.V512 && count == Columns) Wide(sums, bytes + (nint)image * layer.Bytes!.ImageStride + channel, at, pixels, channel);
        else Bytes(sums, bytes + (nint)image * layer.Bytes!.ImageStride + channel, at, pixels, channel, count);
    }

    private void Wide(int* sums, byte* to, int* at, int pixels, int channel)
    {
        Vector512<int> offset = Vector512.Load(offsets.Address + channel), zero = Vector512.Create(layer.Bytes!.Range.Zero);
        Vector512<float> scale = Vector512.Load(scales.Address + channel), bias = Vector512.Load(biases.Address + channel), least = Vector512.Create(low), most = Vector512.Create(high);
        for (int p = 0; p < pixels; p++, sums += Columns)
        {
            Vector512<float> value = Vector512.ConvertToSingle(Vector512.Load(sums) + offset) * scale + bias;
            Vector512<int> code = Vector512.ConvertToInt32Native(Vector512.MinNative(most, Vector512.MaxNative(least, Vector512.Round(value)))) + zero;
            Vector256<short> half = Vector256.Narrow(code.GetLower(), code.GetUpper());
            Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(to + at[p]);
        }
    }

    private void Bytes(int* sums, byte* to, int* at, int pixels, int channel, int count)
    {
        for (int p = 0; p < pixels; p++, sums += Columns)
            for (int c = 0; c < count; c++)
                to[at[p] + c] = (byte)((int)Math.Min(high, Math.Max(low, MathF.Round(Scaled(sums, channel, c)))) + layer.Bytes!.Range.Zero);
    }

    private void Floats(int* sums, float* to, int* at, int pixels, int channel, int count)
    {
        for (int p = 0; p < pixels; p++, sums += Columns)
            for (int c = 0; c < count; c++) to[at[p] + c] = Math.Min(high, Math.Max(low, Scaled(sums, channel, c)));
    }

    // Multiplied, then added: each rounds, as the wide form does.
    private float Scaled(int* sums, int channel, int c) =>
        (float)(sums[c] + offsets.Address[channel + c]) * scales.Address[channel + c] + biases.Address[channel + c];
}
