using Decant.Runtime.Dense;
using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>The filters and bias of a convolution, packed group by group for <see cref="TiledConvolution"/>.</summary>
internal sealed class TiledFilters
{
    private readonly VectorWidth width;

    /// <summary>Packs filters of shape (M, C/group, height, width): the sum goes over rows, columns, channels.</summary>
    public TiledFilters(Tensor weight, ReadOnlySpan<float> bias, int groups, VectorWidth width)
    {
        this.width = width;
        float[] w = weight.Array<float>();
        int vector = (int)width;
        (OutputsPerGroup, ChannelsPerGroup) = (weight.Shape[0] / groups, weight.Shape[1]);
        int depth = checked((int)weight.Shape.CountFrom(1)), taps = depth / ChannelsPerGroup;
        float[] rows = taps == 1 ? w : ChannelsLast(w, taps);
        Groups = [.. Enumerable.Range(0, groups).Select(g =>
            new PackedFilters(OutputsPerGroup, depth, vector, rows.AsSpan(g * OutputsPerGroup * depth, OutputsPerGroup * depth)))];
        BiasStride = (OutputsPerGroup + vector - 1) / vector * vector;
        Bias = new Pinned<float>(BiasStride * groups + vector * 2);
        if (!bias.IsEmpty)
            for (int o = 0; o < bias.Length; o++) Bias.Span[o / OutputsPerGroup * BiasStride + o % OutputsPerGroup] = bias[o];
    }

    /// <summary>Each group's filters.</summary>
    public PackedFilters[] Groups { get; }

    /// <summary>The bias of each group, filled up to whole vectors.</summary>
    public Pinned<float> Bias { get; }

    /// <summary>Floats from a group's bias to the next group's.</summary>
    public int BiasStride { get; }

    /// <summary>Output channels of a group.</summary>
    public int OutputsPerGroup { get; }

    /// <summary>Input channels of a group.</summary>
    public int ChannelsPerGroup { get; }

    /// <summary>Whether <see cref="SlidingTile{V, S}"/> computes them: a window three wide that moves by one, and no more output channels than a vector holds.</summary>
    public bool Slides(ImageWindow window, int columns) =>
        (window.Width, window.StrideX, window.DilationX) == (3, 1, 1) && columns >= Tiles.SlidingPixels && OutputsPerGroup <= (int)width;

    private float[] ChannelsLast(float[] w, int taps)
    {
        var rows = new float[w.Length];
        int to = 0;
        for (int filter = 0; filter < w.Length; filter += taps * ChannelsPerGroup)
            for (int t = 0; t < taps; t++)
                for (int c = 0; c < ChannelsPerGroup; c++) rows[to++] = w[filter + c * taps + t];
        return rows;
    }
}
