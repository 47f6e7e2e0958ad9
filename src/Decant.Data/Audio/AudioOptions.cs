using Decant.Core;

namespace Decant.Data;

/// <summary>What a frame of sound becomes.</summary>
public enum AudioFeatures
{
    /// <summary>Its samples, from -1 to 1.</summary>
    Samples,

    /// <summary>The magnitudes of its discrete Fourier transform, frame/2+1 of them.</summary>
    Magnitude,

    /// <summary>The natural logarithms of these magnitudes, of 1e-5 where they are less.</summary>
    LogMagnitude,
}

/// <summary>By what a frame is multiplied before its Fourier transform.</summary>
public enum AudioWindow
{
    /// <summary>The periodic Hann window, 0.5 - 0.5·cos(2πn/frame).</summary>
    Hann,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>How sound is opened.</summary>
public sealed record AudioOptions
{
    /// <summary>Samples of a frame; null for as many as the network takes.</summary>
    public int? Frame { get; init; }

    /// <summary>Samples from the beginning of a frame to that of the next; null for a frame.</summary>
    public int? Hop { get; init; }

    /// <summary>What a frame becomes.</summary>
    public AudioFeatures Features { get; init; }

    /// <summary>What it is multiplied by before its Fourier transform; samples are left as they are.</summary>
    public AudioWindow Window { get; init; }

    /// <summary>What the network takes.</summary>
    public AudioLimits Limits { get; init; } = AudioLimits.None;
}

/// <summary>What a network takes as sound.</summary>
/// <param name="Input">The input that gets frames.</param>
/// <param name="Example">The shape of one frame there, as far as it is known; null if nothing is.</param>
public sealed record AudioLimits(string Input, Shape? Example)
{
    /// <summary>Nothing is known.</summary>
    public static AudioLimits None { get; } = new("frames", null);

    /// <summary>What an input says of one frame.</summary>
    /// <exception cref="DataException">It takes no floats.</exception>
    public static AudioLimits Of(ValueInfo input)
    {
        if (!input.Type.Type.IsFloat())
            throw new DataException($"sound is floats, and input '{input.Name}' takes {input.Type}");
        return new(
            input.Name,
            input.Type.Shape is { Rank: > 0 } shape ? new Shape(shape.Dims.AsSpan()[(shape.Rank == 1 ? 0 : 1)..]) : null
        );
    }

    /// <summary>The shape of a frame of so many features: all extents are 1, but for one.</summary>
    /// <exception cref="DataException">The input takes another number of them.</exception>
    internal Shape ShapeOf(int features)
    {
        if (Example is not { } example)
            return new Shape(features);
        int[] dims = [.. example.Dims];
        int axis = Array.IndexOf(dims, features);
        if (axis < 0)
            axis = Array.LastIndexOf(dims, Shape.Unknown);
        for (int i = 0; i < dims.Length; i++)
            if (i != axis && dims[i] == Shape.Unknown)
                dims[i] = 1;
        if (axis >= 0)
            dims[axis] = features;
        var shape = new Shape(dims);
        return axis >= 0 && shape.Count == features
            ? shape
            : throw new DataException(
                $"a frame has {features} elements, and an example of input '{Input}' is {example}: another length of "
                    + "frames, or other features, would fit"
            );
    }

    /// <summary>How many elements an example has; null if that is not known.</summary>
    internal int? Elements =>
        Example is { IsKnown: true } example && example.Count <= int.MaxValue ? (int)example.Count : null;
}
