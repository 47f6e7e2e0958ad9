using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX GridSample of images N×C×H×W at places N×h×w×2, x before y, -1 to 1: the pixels about each place are
/// gathered by their number in the plane, and weighted by how near they are (bilinear), or the nearest is taken.
/// </summary>
internal sealed class GridSample
{
    private readonly Lowering l;
    private readonly bool isNearest,
        isZero,
        alignsCorners;
    private readonly string height,
        width,
        lastY,
        lastX,
        zero,
        one,
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
        (zero, one) = (l.Weight("zero", Tensor.Scalar(0f)), l.Weight("one", Tensor.Scalar(1f)));
        (height, width) = (Floats(l.Part(shape, 2, 3)), Floats(l.Part(shape, 3, 4)));
        (lastY, lastX) = (l.Make("Sub", height, one), l.Make("Sub", width, one));
        floats = l.Make(
            "Reshape",
            l.Node.Input(0),
            l.Make("Concat", new Attributes(("axis", 0L)), l.Part(shape, 0, 2), l.Numbers("plane", -1))
        );
    }

    /// <exception cref="ModelException">A mode, or the input's rank, is not supported.</exception>
    public static void Lower(Lowering lowering) => new GridSample(lowering).Lower();

    private void Lower()
    {
        string x = Pixels(0, width, lastX),
            y = Pixels(1, height, lastY);
        if (isNearest)
        {
            l.Finish(Shaped(Weighted(l.Make("Round", x), l.Make("Round", y), null)));
            return;
        }
        (string left, string top) = (l.Make("Floor", x), l.Make("Floor", y));
        string right = l.Make("Add", left, one),
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
    private string Pixels(long coordinate, string size, string last)
    {
        string places = l.Make(
                "Gather",
                new Attributes(("axis", 3L)),
                l.Node.Input(1),
                l.Weight("coordinate", Tensor.Scalar(coordinate))
            ),
            shifted = l.Make("Add", l.Make("Reshape", places, l.Numbers("row", 0, 1, -1)), one),
            half = l.Weight("half", Tensor.Scalar(0.5f));
        string pixels = alignsCorners
            ? l.Make("Mul", l.Make("Mul", shifted, half), last)
            : l.Make("Mul", l.Make("Sub", l.Make("Mul", shifted, size), one), half);
        return isZero ? pixels : Within(pixels, last);
    }

    /// <summary>The pixels at whole coordinates, N×C×h·w, times their weights; outside the image 0.</summary>
    private string Weighted(string x, string y, string? weight)
    {
        string insideX = Within(x, lastX),
            insideY = Within(y, lastY),
            place = l.Make(
                "Cast",
                new Attributes(("to", (long)ElementType.Int64)),
                l.Make("Add", l.Make("Mul", insideY, width), insideX)
            );
        // A place is the same in every channel.
        string channels = l.Make(
                "Concat",
                new Attributes(("axis", 0L)),
                l.Part(l.Make("Shape", floats), 0, 2),
                l.Numbers("place", 1)
            ),
            pixels = l.Make("GatherElements", new Attributes(("axis", 2L)), floats, l.Make("Expand", place, channels));
        if (isZero)
        {
            string isInside = l.Make("And", l.Make("Equal", x, insideX), l.Make("Equal", y, insideY)),
                counts = Floats(isInside);
            weight = weight is null ? counts : l.Make("Mul", weight, counts);
        }
        return weight is null ? pixels : l.Make("Mul", pixels, weight);
    }

    private string Floats(string value) => l.Make("Cast", new Attributes(("to", (long)ElementType.Float32)), value);

    private string Within(string pixels, string last) => l.Make("Min", l.Make("Max", pixels, zero), last);

    /// <summary>The image of places, N×C×h×w.</summary>
    private string Shaped(string pixels)
    {
        string places = l.Make("Shape", l.Node.Input(1)),
            channels = l.Part(l.Make("Shape", floats), 0, 2),
            extents = l.Part(places, 1, 3);
        return l.Make("Reshape", pixels, l.Make("Concat", new Attributes(("axis", 0L)), channels, extents));
    }
}
