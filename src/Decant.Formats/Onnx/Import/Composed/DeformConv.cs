using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX DeformConv (Dai et al. 2017, Zhu et al. 2018) of images N×C×H×W: each tap of the kernel reads where an offset
/// of its own moves it to; what the taps read is multiplied with the weight.
/// </summary>
internal sealed class DeformConv
{
    private const long MostTaps = 1 << 12;
    private const int Offset = 2,
        Bias = 3,
        Mask = 4;

    private readonly Lowering l;
    private readonly long groups,
        offsetGroups,
        height,
        width;
    private readonly long[] strides,
        dilations,
        pads;
    private readonly long channels,
        outputs;

    private DeformConv(Lowering lowering)
    {
        l = lowering;
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("dilations", "group", "kernel_shape", "offset_group", "pads", "strides");
        l.EnsureCounts(3, 5);
        if (l.Rank(0) != 4 || l.Rank(1) != 4 || l.Rank(Offset) != 4)
            throw new ModelException(
                $"X, W and offsets have {l.Rank(0)}, {l.Rank(1)} and {l.Rank(Offset)} axes; 4 each are " + "supported"
            );
        (groups, offsetGroups) = (attributes.Int("group", 1), attributes.Int("offset_group", 1));
        (channels, outputs) = (Known(0, 1), Known(1, 0));
        (height, width) = (Known(1, 2), Known(1, 3));
        if (height * width > MostTaps)
            throw new ModelException($"a kernel of {height}×{width} is too large; {MostTaps:N0} elements are possible");
        ImmutableArray<long> kernel = attributes.Ints("kernel_shape");
        if (kernel.Length > 0 && !kernel.SequenceEqual([height, width]))
            throw new ModelException($"kernel_shape is {string.Join('×', kernel)}, and its weight {height}×{width}");
        if (groups < 1 || offsetGroups < 1 || channels % groups + channels % offsetGroups + outputs % groups > 0)
            throw new ModelException(
                $"{channels} channels and {outputs} outputs do not fall into {groups} groups and {offsetGroups} of "
                    + "offsets"
            );
        strides = Given("strides", 2, 1);
        dilations = Given("dilations", 2, 1);
        pads = Given("pads", 4, 0);
    }

    /// <exception cref="ModelException">Attributes do not fit the inputs, or channels are not known.</exception>
    public static void Lower(Lowering lowering) => new DeformConv(lowering).Lower();

    private void Lower()
    {
        string shape = l.Make("Shape", l.Node.Input(0)),
            images = l.Reshaped(l.Node.Input(0), 0, offsetGroups, channels / offsetGroups, -1);
        var samples = new PixelSamples(l, images, Floats(shape, 2), Floats(shape, 3), isZero: true);
        string read = samples.Between(Places(1), Places(0));
        if (l.Has(Mask))
            read = l.Make("Mul", read, l.Reshaped(l.Node.Input(Mask), 0, offsetGroups, 1, -1));
        long taps = height * width,
            inputs = channels / groups * taps;
        // The places of a tap lie together: a row for each channel and tap.
        string counts = l.Part(l.Make("Shape", l.Node.Input(Offset)), 2, 4),
            rows = l.Make(
                "Reshape",
                read,
                l.Joined(
                    0,
                    l.Part(shape, 0, 1),
                    l.Numbers("rows", groups, inputs),
                    l.Make("ReduceProd", new Attributes(("keepdims", 1L)), counts)
                )
            ),
            product = l.Make("MatMul", l.Reshaped(l.Node.Input(1), groups, outputs / groups, inputs), rows),
            image = l.Make(
                "Reshape",
                product,
                l.Joined(0, l.Part(shape, 0, 1), l.Numbers("channels", outputs), counts)
            );
        l.Finish(l.Has(Bias) ? l.Make("Add", image, l.Reshaped(l.Node.Input(Bias), -1, 1, 1)) : image);
    }

    /// <summary>
    /// A coordinate of what each tap reads, in pixels, N×groups×1×taps·h·w: where the kernel lies, plus the offset.
    /// </summary>
    private string Places(int axis)
    {
        long taps = height * width;
        var tapPlaces = new float[taps];
        for (int i = 0; i < taps; i++)
            tapPlaces[i] = (axis == 0 ? i / width : i % width) * dilations[axis] - pads[axis];
        string offsets = l.Make(
                "Gather",
                new Attributes(("axis", 3L)),
                l.Make(
                    "Reshape",
                    l.Node.Input(Offset),
                    l.Joined(
                        0,
                        l.Numbers("pairs", 0, offsetGroups, taps, 2),
                        l.Part(l.Make("Shape", l.Node.Input(Offset)), 2, 4)
                    )
                ),
                l.Weight("coordinate", Tensor.Scalar((long)axis))
            ),
            steps = l.Make(
                "Mul",
                l.Cast(l.Counted(l.ExtentOf(l.Node.Input(Offset), axis + 2)), ElementType.Float32),
                l.Number("stride", strides[axis])
            );
        string along = axis == 0 ? l.Reshaped(steps, -1, 1) : steps,
            starts = l.Make("Add", offsets, along),
            places = l.Make("Add", starts, l.Weight("taps", Tensor.Of(new Shape((int)taps, 1, 1), tapPlaces)));
        return l.Reshaped(places, 0, offsetGroups, 1, -1);
    }

    private string Floats(string shape, long axis) => l.Cast(l.Part(shape, axis, axis + 1), ElementType.Float32);

    private long Known(int input, int axis) =>
        l.Extent(input, axis) is > 0 and <= 1 << 20 and var extent
            ? extent
            : throw new ModelException($"extent {axis} of its input {input} is not known, or too large");

    private long[] Given(string attribute, int count, long otherwise)
    {
        ImmutableArray<long> stated = l.Node.Attributes.Ints(attribute);
        if (stated.Length > 0 && stated.Length != count)
            throw new ModelException($"{attribute} has {stated.Length} elements; {count} are expected");
        var values = new long[count];
        Array.Fill(values, otherwise);
        return stated.Length == count ? [.. stated] : values;
    }
}
