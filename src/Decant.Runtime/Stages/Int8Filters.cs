using Decant.Runtime.Forms.Int8;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>The codes, scales and bias of a convolution of bytes.</summary>
internal sealed class Int8Filters
{
    /// <summary>Packs codes of shape (M, C, height, width), rows of the window together, channels last.</summary>
    public Int8Filters(QuantizedWeight weight, ReadOnlySpan<float> bias)
    {
        Shape shape = weight.Shape;
        int outputs = shape[0], channels = shape[1], width = shape[-1], height = shape.Rank == 4 ? shape[2] : 1;
        var rows = new sbyte[weight.Codes.Length];
        int to = 0, taps = height * width;
        for (int filter = 0; filter < rows.Length; filter += taps * channels)
            for (int t = 0; t < taps; t++)
                for (int c = 0; c < channels; c++) rows[to++] = weight.Codes[filter + c * taps + t];
        Weights = new Int8Weights(rows, outputs, height, width * channels);
        Scales = new Pinned<float>(Weights.Panels * Int8Weights.Columns);
        for (int o = 0; o < outputs; o++) Scales.Span[o] = weight.Scales[weight.Scales.Length == 1 ? 0 : o];
        Bias = new Pinned<float>(Scales.Count);
        bias.CopyTo(Bias.Span);
    }

    /// <summary>The codes.</summary>
    public Int8Weights Weights { get; }

    /// <summary>A step of each output channel's weights, filled up to whole panels.</summary>
    public Pinned<float> Scales { get; }

    /// <summary>The bias of each output channel, filled up to whole panels.</summary>
    public Pinned<float> Bias { get; }
}
