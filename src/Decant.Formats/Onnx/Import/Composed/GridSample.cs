using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX GridSample of images N×C×H×W at places N×h×w×2, x before y, -1 to 1: the pixels about each place are gathered
/// by their number in the plane, and weighted by how near they are (bilinear), or the nearest is taken.
/// </summary>
internal sealed class GridSample
{
    private readonly Lowering l;
    private readonly bool isNearest,
        isZero,
        alignsCorners;
    private readonly string height,
        width,
        floats;

    private GridSample(Lowering lowering)
    {
        l = lowering;
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("align_corners", "mode", "padding_mode");
        string mode = attributes.Text("mode", "linear"),
            padding = attributes.Text("padding_mode", "zeros");
        if (mode is not ("linear" or "bilinear" or "nearest") || padding is not ("zeros" or "border"))
            throw new ModelException(
                $"mode {mode} with padding_mode {padding} is not supported; linear, bilinear and nearest with zeros "
                    + "and border are"
            );
        if (l.Rank(0) != 4)
            throw new ModelException($"its input has {l.Rank(0)} axes; images N×C×H×W are supported");
        (isNearest, isZero, alignsCorners) = (mode == "nearest", padding == "zeros", attributes.Flag("align_corners"));
        string shape = l.Make("Shape", l.Node.Input(0));
        (height, width) = (Part(shape, 2), Part(shape, 3));
        floats = l.Make(
            "Reshape",
            l.Node.Input(0),
            l.Make(
                "Concat",
                new Attributes(("axis", 0L)),
                l.Make("Slice", shape, l.Numbers("from", 0), l.Numbers("channels", 2)),
                l.Numbers("plane", -1)
            )
        );
    }

    /// <exception cref="ModelException">A mode, or the input's rank, is not supported.</exception>
    public static void Lower(Lowering lowering) => new GridSample(lowering).Lower();

    private void Lower()
    {
        string x = Pixels(0, width),
            y = Pixels(1, height);
        if (isNearest)
        {
            l.Finish(Shaped(Weighted(l.Make("Round", x), l.Make("Round", y), null)));
            return;
        }
        (string left, string top) = (l.Make("Floor", x), l.Make("Floor", y));
        string one = l.Weight("one", Tensor.Scalar(1f)),
            right = l.Make("Add", left, one),
            bottom = l.Make("Add", top, one),
            toRight = l.Make("Sub", x, left),
            toBottom = l.Make("Sub", y, top),
            toLeft = l.Make("Sub", one, toRight),
            toTop = l.Make("Sub", one, toBottom);
        string above = l.Make(
                "Add",
                Weighted(left, top, l.Make("Mul", toLeft, toTop)),
                Weighted(right, top, l.Make("Mul", toRight, toTop))
            ),
            below = l.Make(
                "Add",
                Weighted(left, bottom, l.Make("Mul", toLeft, toBottom)),
                Weighted(right, bottom, l.Make("Mul", toRight, toBottom))
            );
        l.Finish(Shaped(l.Make("Add", above, below)));
    }

    /// <summary>A coordinate of all places in pixels, N×1×h·w: of the border no farther than its middle.</summary>
    private string Pixels(long coordinate, string extent)
    {
        string places = l.Make(
                "Gather",
                new Attributes(("axis", 3L)),
                l.Node.Input(1),
                l.Weight($"coordinate{coordinate}", Tensor.Scalar(coordinate))
            ),
            flat = l.Make("Reshape", places, l.Numbers($"row{coordinate}", 0, 1, -1)),
            size = l.Make("Cast", new Attributes(("to", (long)ElementType.Float32)), extent),
            one = l.Weight($"unit{coordinate}", Tensor.Scalar(1f)),
            half = l.Weight($"half{coordinate}", Tensor.Scalar(0.5f)),
            last = l.Make("Sub", size, one),
            shifted = l.Make("Add", flat, one);
        string pixels = alignsCorners
            ? l.Make("Mul", l.Make("Mul", shifted, half), last)
            : l.Make("Mul", l.Make("Sub", l.Make("Mul", shifted, size), one), half);
        return isZero ? pixels : Within(pixels, last, $"least{coordinate}");
    }

    /// <summary>The pixels at whole coordinates, N×C×h·w, times their weights; outside the image 0.</summary>
    private string Weighted(string x, string y, string? weight)
    {
        string lastX = Last(width),
            lastY = Last(height),
            insideX = Within(x, lastX, "x.least"),
            insideY = Within(y, lastY, "y.least"),
            row = l.Make("Cast", new Attributes(("to", (long)ElementType.Float32)), width),
            place = l.Make(
                "Cast",
                new Attributes(("to", (long)ElementType.Int64)),
                l.Make("Add", l.Make("Mul", insideY, row), insideX)
            );
        // A place is the same in every channel.
        string channels = l.Make(
                "Concat",
                new Attributes(("axis", 0L)),
                l.Make("Slice", l.Make("Shape", floats), l.Numbers("one.from", 0), l.Numbers("one.to", 2)),
                l.Numbers("one.place", 1)
            ),
            pixels = l.Make("GatherElements", new Attributes(("axis", 2L)), floats, l.Make("Expand", place, channels));
        if (isZero)
        {
            string isInside = l.Make("And", l.Make("Equal", x, insideX), l.Make("Equal", y, insideY)),
                counts = l.Make("Cast", new Attributes(("to", (long)ElementType.Float32)), isInside);
            weight = weight is null ? counts : l.Make("Mul", weight, counts);
        }
        return weight is null ? pixels : l.Make("Mul", pixels, weight);
    }

    private string Last(string extent) =>
        l.Make(
            "Sub",
            l.Make("Cast", new Attributes(("to", (long)ElementType.Float32)), extent),
            l.Weight("last", Tensor.Scalar(1f))
        );

    private string Within(string pixels, string last, string name) =>
        l.Make("Min", l.Make("Max", pixels, l.Weight(name, Tensor.Scalar(0f))), last);

    /// <summary>The image of places, N×C×h×w.</summary>
    private string Shaped(string pixels)
    {
        string places = l.Make("Shape", l.Node.Input(1)),
            channels = l.Make("Slice", l.Make("Shape", floats), l.Numbers("two.from", 0), l.Numbers("two.to", 2)),
            extents = l.Make("Slice", places, l.Numbers("places.from", 1), l.Numbers("places.to", 3));
        return l.Make("Reshape", pixels, l.Make("Concat", new Attributes(("axis", 0L)), channels, extents));
    }

    private string Part(string shape, long axis) =>
        l.Make("Slice", shape, l.Numbers($"axis{axis}.from", axis), l.Numbers($"axis{axis}.to", axis + 1));
}
