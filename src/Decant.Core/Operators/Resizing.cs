using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX Resize: inputs X, optional roi, and scales or sizes; each axis is sampled anew, one after the other.
/// </summary>
public sealed class Resize : Operator
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Resize;

    private readonly ImmutableArray<long> axes;
    private readonly string policy;

    /// <summary>Reads the attributes.</summary>
    /// <exception cref="ModelException">A value is not possible.</exception>
    public Resize(Attributes attributes)
        : base(
            "Resize",
            attributes,
            (1, 4),
            "antialias",
            "axes",
            "coordinate_transformation_mode",
            "cubic_coeff_a",
            "exclude_outside",
            "extrapolation_value",
            "keep_aspect_ratio_policy",
            "mode",
            "nearest_mode"
        )
    {
        axes = attributes.Ints("axes");
        policy = Known(attributes, "keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller");
        Sampling = new Resampling(
            Known(attributes, "mode", "nearest", "linear", "cubic"),
            Known(
                attributes,
                "coordinate_transformation_mode",
                "half_pixel",
                "align_corners",
                "asymmetric",
                "half_pixel_symmetric",
                "pytorch_half_pixel",
                "tf_crop_and_resize"
            ),
            Known(attributes, "nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
            attributes.Float("cubic_coeff_a", -0.75f),
            attributes.Flag("antialias"),
            attributes.Flag("exclude_outside")
        );
    }

    /// <summary>How an axis is sampled.</summary>
    public Resampling Sampling { get; }

    /// <summary>What stands where tf_crop_and_resize reaches outside the input.</summary>
    public float Extrapolation => Attributes.Float("extrapolation_value", 0);

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        CheckInputs(inputs);
        if (inputs.Shape(0) is not { } x || (Given(inputs, 2) is null && Given(inputs, 3) is null))
            return One(inputs.Type(0), inputs.Shape(0) is { } resized ? Open(resized) : null);
        int[] dims = [.. x.Dims];
        foreach (ResizeAxis axis in Axes(x, inputs))
        {
            if (axis is { Input: 0, Output: > 0 })
                throw new ModelException($"axis {axis.Axis} of {x} has nothing to sample {axis.Output} elements from");
            dims[axis.Axis] = axis.Output;
        }
        return One(inputs.Type(0), new Shape(dims));
    }

    private Shape? Open(Shape x)
    {
        if (axes.IsEmpty)
            return Extents.Open(x.Rank);
        foreach (long axis in axes)
            x = x.With(x.Axis(axis), Shape.Unknown);
        return x;
    }

    /// <summary>The axes that inputs 1 to 3 name, each with what becomes of it.</summary>
    /// <exception cref="ModelException">They do not fit the shape.</exception>
    public IReadOnlyList<ResizeAxis> Axes(Shape x, OperatorInputs inputs)
    {
        int[] named = axes.IsEmpty ? [.. Enumerable.Range(0, x.Rank)] : [.. axes.Select(x.Axis)];
        if (named.Distinct().Count() != named.Length)
            throw new ModelException("attribute 'axes' names an axis twice");
        double[]? scales = Given(inputs, 2),
            sizes = Given(inputs, 3),
            roi = Given(inputs, 1);
        if ((scales is null) == (sizes is null))
            throw new ModelException("either scales or sizes must be given, not both");
        if ((scales ?? sizes)!.Length != named.Length || (roi is not null && roi.Length != 2 * named.Length))
            throw new ModelException(
                $"{(scales ?? sizes)!.Length} scales or sizes and {roi?.Length ?? 0} values of roi for "
                    + $"{named.Length} axes"
            );
        ResizeAxis[] plan = scales is not null
            ? [.. named.Select((a, i) => Scaled(a, x[a], scales[i]))]
            : Sized(x, named, sizes!);
        return roi is null
            ? plan
            : [.. plan.Select((p, i) => p with { RegionStart = roi[i], RegionEnd = roi[i + named.Length] })];
    }

    private void CheckInputs(OperatorInputs inputs)
    {
        if (Sampling.Mode != "nearest")
            inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireType(1, TypeSet.Floats);
        inputs.RequireType(2, TypeSet.Floats);
        inputs.RequireType(3, TypeSet.Indices);
        for (int i = 1; i < 4; i++)
            if (inputs.Shape(i) is { Rank: > 1 } list)
                throw new ModelException($"input {i} has shape {list}; it must have one axis");
    }

    private static ResizeAxis Scaled(int axis, int input, double scale) =>
        !(scale > 0 && double.IsFinite(scale))
            ? throw new ModelException($"a scale of {scale}; scales are above 0")
            : new ResizeAxis(axis, input, input < 0 ? Shape.Unknown : Extent(Math.Floor(input * scale)), scale);

    private ResizeAxis[] Sized(Shape x, int[] named, double[] sizes)
    {
        var plan = named
            .Select((a, i) => new ResizeAxis(a, x[a], Extent(sizes[i]), sizes[i] / Math.Max(1, x[a])))
            .ToArray();
        if (policy == "stretch" || plan.Length == 0)
            return plan;
        if (plan.Any(p => p.Input < 0))
            return Array.ConvertAll(plan, p => p with { Output = Shape.Unknown });
        double scale = policy == "not_larger" ? plan.Min(p => p.Scale) : plan.Max(p => p.Scale);
        return Array.ConvertAll(plan, p =>
            p with
            {
                Scale = scale,
                Output = Extent(Math.Floor(scale * p.Input + 0.5)),
            }
        );
    }

    /// <summary>
    /// The numbers of an optional input; null if it is left out, empty (as old files have it) or not constant.
    /// </summary>
    private static double[]? Given(OperatorInputs inputs, int i) =>
        inputs.Doubles(i) is { Length: > 0 } numbers ? numbers : null;

    private static int Extent(double value) =>
        value is >= 0 and <= int.MaxValue / 4 ? (int)value : throw new ModelException($"a resized extent of {value}");

    private static string Known(Attributes attributes, string name, params string[] possible)
    {
        string given = attributes.Text(name, possible[0]);
        return possible.Contains(given)
            ? given
            : throw new ModelException($"attribute '{name}' is '{given}'; possible are {string.Join(", ", possible)}");
    }
}

/// <summary>What a Resize makes of one axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Input">Its extent before.</param>
/// <param name="Output">Its extent after.</param>
/// <param name="Scale">The ratio that coordinates are computed with; input times scale need not be whole.</param>
public sealed record ResizeAxis(int Axis, int Input, int Output, double Scale)
{
    /// <summary>Where the region begins that tf_crop_and_resize samples, as a share of the axis.</summary>
    public double RegionStart { get; init; }

    /// <summary>Where the region ends.</summary>
    public double RegionEnd { get; init; } = 1;

    /// <summary>The input coordinate that an output coordinate stands for.</summary>
    public double Coordinate(string mode, int x)
    {
        double width = Scale * Input,
            span = (RegionEnd - RegionStart) * (Input - 1.0);
        return mode switch
        {
            "align_corners" => width == 1 ? 0 : x * (Input - 1.0) / (width - 1),
            "asymmetric" => x / Scale,
            "tf_crop_and_resize" => RegionStart * (Input - 1.0) + (width == 1 ? span / 2 : x * span / (width - 1)),
            "pytorch_half_pixel" when width == 1 => -0.5,
            "half_pixel_symmetric" => Input / 2.0 * (1 - Output / width) + (x + 0.5) / Scale - 0.5,
            _ => (x + 0.5) / Scale - 0.5,
        };
    }
}

/// <summary>How a Resize samples an axis; the words are ONNX's.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">The coordinate_transformation_mode.</param>
/// <param name="Rounding">The nearest_mode.</param>
/// <param name="CubicA">The coefficient a of cubic convolution (Keys 1981).</param>
/// <param name="Antialias">Whether the filter is widened where the axis shrinks.</param>
/// <param name="ExcludesOutside">Whether weights outside the input are 0 and the others scaled to a sum of 1.</param>
public sealed record Resampling(
    string Mode,
    string Coordinates,
    string Rounding,
    double CubicA,
    bool Antialias,
    bool ExcludesOutside
)
{
    private const long MaxTable = 1 << 24;

    /// <summary>
    /// The input coordinates that every output coordinate of an axis reads, and how much each counts.
    /// </summary>
    /// <exception cref="ModelException">The table would be too large.</exception>
    public ResampleTable Table(ResizeAxis axis)
    {
        int reach = Reach(axis.Scale),
            taps = Taps(axis);
        if ((long)axis.Output * taps > MaxTable)
            throw new ModelException(
                $"resizing {axis.Input} to {axis.Output} takes {taps} inputs for each output; that is too much"
            );
        var table = new ResampleTable(axis.Input, axis.Output, taps);
        for (int x = 0; x < axis.Output && axis.Input > 0; x++)
        {
            double at = axis.Coordinate(Coordinates, x);
            table.Outside[x] = Coordinates == "tf_crop_and_resize" && (at < 0 || at > axis.Input - 1);
            at = Math.Clamp(at, -2.0 - axis.Input, 2.0 * axis.Input + 2);
            // A coordinate on a pixel counts as the right one of its pair.
            double left = Math.Ceiling(at) - 1;
            if (Mode == "nearest")
                table.Set(x, 0, (int)left + (TakesRight(at - left) ? 1 : 0), 1);
            else
                Fill(table, x, (int)left - reach + 1, at - left, Math.Min(1, axis.Scale));
        }
        return table;
    }

    /// <summary>Bytes that the table of an axis takes.</summary>
    public double TableBytes(ResizeAxis axis) =>
        axis.Output * (1.0 + Taps(axis) * (double)(sizeof(int) + sizeof(double)));

    private int Taps(ResizeAxis axis) => Mode == "nearest" ? 1 : 2 * Reach(axis.Scale);

    private int Reach(double scale)
    {
        int support = Mode == "cubic" ? 2 : 1;
        if (!Antialias || scale >= 1 || Mode == "nearest")
            return support;
        return (int)Math.Min(int.MaxValue / 4, -Math.Floor(-support / scale));
    }

    private bool TakesRight(double ratio) =>
        ratio == 1
        || Rounding switch
        {
            "round_prefer_floor" => ratio > 0.5,
            "round_prefer_ceil" => ratio >= 0.5,
            "floor" => false,
            _ => true,
        };

    private void Fill(ResampleTable table, int x, int first, double ratio, double scale)
    {
        int reach = table.Taps / 2;
        double sum = 0,
            used = 0;
        Span<double> weights = table.Taps <= 64 ? stackalloc double[table.Taps] : new double[table.Taps];
        for (int t = 0; t < weights.Length; t++)
        {
            weights[t] = Weight(Math.Abs(t - reach + 1 - ratio) * (Antialias ? scale : 1));
            sum += weights[t];
            if (ExcludesOutside && (first + t < 0 || first + t >= table.Input))
                weights[t] = 0;
            used += weights[t];
        }
        double whole =
            ExcludesOutside && used != 0 ? used
            : Antialias ? sum
            : 1;
        for (int t = 0; t < weights.Length; t++)
            table.Set(x, t, first + t, weights[t] / whole);
    }

    /// <summary>The filter at a distance: a triangle, or cubic convolution.</summary>
    private double Weight(double distance)
    {
        if (Mode == "linear")
            return Math.Max(0, 1 - distance);
        double a = CubicA,
            d = distance;
        return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1
            : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
            : 0;
    }
}

/// <summary>
/// A sparse matrix that samples an axis anew: <see cref="Taps"/> input coordinates and weights for each output
/// coordinate.
/// </summary>
/// <param name="input">The axis's extent before.</param>
/// <param name="output">Its extent after.</param>
/// <param name="taps">How many inputs an output reads.</param>
public sealed class ResampleTable(int input, int output, int taps)
{
    private readonly int[] indices = new int[output * taps];
    private readonly double[] weights = new double[output * taps];

    /// <summary>The axis's extent before.</summary>
    public int Input => input;

    /// <summary>Its extent after.</summary>
    public int Output => output;

    /// <summary>How many inputs an output reads.</summary>
    public int Taps => taps;

    /// <summary>The input coordinates, <see cref="Taps"/> an output; edges stand for what lies beyond them.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <summary>The weights, laid out as <see cref="Indices"/>.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>For each output, whether it lies outside the input and takes a constant.</summary>
    public bool[] Outside { get; } = new bool[output];

    /// <summary>Whether every output is the input at its own place.</summary>
    public bool IsIdentity
    {
        get
        {
            var own = new double[output];
            for (int i = 0; i < indices.Length; i++)
            {
                if (indices[i] == i / taps)
                    own[i / taps] += weights[i];
                else if (weights[i] != 0)
                    return false;
            }
            return input == output && !Outside.Contains(true) && Array.TrueForAll(own, w => w == 1);
        }
    }

    /// <summary>The matrix itself, <see cref="Output"/> × <see cref="Input"/>.</summary>
    public float[] Dense()
    {
        var matrix = new float[checked(output * input)];
        for (int i = 0; i < indices.Length; i++)
            matrix[i / taps * input + indices[i]] += (float)weights[i];
        return matrix;
    }

    internal void Set(int x, int tap, int index, double weight)
    {
        indices[x * taps + tap] = Math.Clamp(index, 0, input - 1);
        weights[x * taps + tap] = weight;
    }
}
