using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>The filters of a depthwise convolution, tap by tap, all channels of a tap side by side.</summary>
internal sealed class DepthwiseFilters
{
    /// <summary>Packs filters of shape (C, 1, taps…).</summary>
    public DepthwiseFilters(Tensor weight, ReadOnlySpan<float> bias)
    {
        ReadOnlySpan<float> w = weight.Span<float>();
        int channels = weight.Shape[0], taps = w.Length / Math.Max(1, channels);
        (Weights, Bias) = (new Pinned<float>(w.Length), new Pinned<float>(channels));
        for (int c = 0; c < channels; c++)
            for (int t = 0; t < taps; t++) Weights.Span[t * channels + c] = w[c * taps + t];
        bias.CopyTo(Bias.Span);
    }

    /// <summary>The filters.</summary>
    public Pinned<float> Weights { get; }

    /// <summary>The bias of each channel.</summary>
    public Pinned<float> Bias { get; }
}
