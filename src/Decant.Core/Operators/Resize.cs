using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Resize: inputs X, optional roi, and scales or sizes; each axis is sampled anew, one after the other.</summary>
public sealed class Resize : Operator
{
    private readonly ImmutableArray<long> axes;
    private readonly string policy;

    /// <summary>Reads the attributes.</summary>
    /// <exception cref="ModelException">A value is not possible.</exception>
    public Resize(Attributes attributes) : base("Resize", attributes, (1, 4), "antialias", "axes", "coordinate_transformation_mode",
        "cubic_coeff_a", "exclude_outside", "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode")
    {
        axes = attributes.Ints("axes");
        policy = Known(attributes, "keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller");
        Sampling = new Resampling(
            Known(attributes, "mode", "nearest", "linear", "cubic"),
            Known(attributes, "coordinate_transformation_mode", "half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric", "pytorch_half_pixel", "tf_crop_and_resize"),
            Known(attributes, "nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
            attributes.Float("cubic_coeff_a", -0.75f), attributes.Flag("antialias"), attributes.Flag("exclude_outside"));
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
        if (inputs.Shape(0) is not { } x || (Given(inputs, 2) is null && Given(inputs, 3) is null)) return [new TensorType(inputs.Type(0), null)];
        int[] dims = [.. x.Dims];
        foreach (ResizeAxis axis in Axes(x, inputs)) dims[axis.Axis] = axis.Output;
        return One(inputs.Type(0), new Shape(dims));
    }

    /// <summary>The axes that inputs 1 to 3 name, each with what becomes of it.</summary>
    /// <exception cref="ModelException">They do not fit the shape.</exception>
    public IReadOnlyList<ResizeAxis> Axes(Shape x, OperatorInputs inputs)
    {
        int[] named = axes.IsEmpty ? [.. Enumerable.Range(0, x.Rank)] : [.. axes.Select(x.Axis)];
        if (named.Distinct().Count() != named.Length) throw new ModelException("attribute 'axes' names an axis twice");
        double[]? scales = Given(inputs, 2), sizes = Given(inputs, 3), roi = Given(inputs, 1);
        if ((scales is null) == (sizes is null)) throw new ModelException("either scales or sizes must be given, not both");
        if ((scales ?? sizes)!.Length != named.Length || (roi is not null && roi.Length != 2 * named.Length))
            throw new ModelException($"{(scales ?? sizes)!.Length} scales or sizes and {roi?.Length ?? 0} numbers of roi for {named.Length} axes");
        ResizeAxis[] plan = scales is not null ? [.. named.Select((a, i) => Scaled(a, x[a], scales[i]))] : Sized(x, named, sizes!);
        return roi is null ? plan : [.. plan.Select((p, i) => p with { RegionStart = roi[i], RegionEnd = roi[i + named.Length] })];
    }

    private static ResizeAxis Scaled(int axis, int input, double scale) => !(scale > 0 && double.IsFinite(scale))
        ? throw new ModelException($"a scale of {scale}; scales are above 0")
        : new ResizeAxis(axis, input, input < 0 ? Shape.Unknown : Extent(Math.Floor(input * scale)), scale);

    private ResizeAxis[] Sized(Shape x, int[] named, double[] sizes)
    {
        var plan = named.Select((a, i) => new ResizeAxis(a, x[a], Extent(sizes[i]), sizes[i] / Math.Max(1, x[a]))).ToArray();
        if (policy == "stretch" || plan.Length == 0) return plan;
        if (plan.Any(p => p.Input < 0)) return Array.ConvertAll(plan, p => p with { Output = Shape.Unknown });
        double scale = policy == "not_larger" ? plan.Min(p => p.Scale) : plan.Max(p => p.Scale);
        return Array.ConvertAll(plan, p => p with { Scale = scale, Output = Extent(Math.Floor(scale * p.Input + 0.5)) });
    }

    /// <summary>The numbers of an optional input; null if it is left out, empty (as old files have it) or not constant.</summary>
    private static double[]? Given(OperatorInputs inputs, int i) => inputs.Numbers(i) is { Length: > 0 } numbers ? numbers : null;

    private static int Extent(double value) => value is >= 0 and <= int.MaxValue / 4 ? (int)value : throw new ModelException($"a resized extent of {value}");

    private static string Known(Attributes attributes, string name, params string[] possible)
    {
        string given = attributes.Text(name, possible[0]);
        return possible.Contains(given) ? given : throw new ModelException($"attribute '{name}' is '{given}'; possible are {string.Join(", ", possible)}");
    }
}
