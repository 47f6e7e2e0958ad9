using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// Values of images at places between their pixels. Images are …×C×H·W, places …×1×P for each coordinate in pixels, and
/// results …×C×P.
/// </summary>
internal sealed class PixelSamples
{
    private readonly Lowering l;
    private readonly string images,
        width,
        channels,
        lastY,
        lastX,
        zero,
        one;
    private readonly bool isZero;

    /// <summary>Takes images.</summary>
    /// <param name="lowering">The nodes in the making.</param>
    /// <param name="images">The images, H·W along their last axis.</param>
    /// <param name="height">H, a float.</param>
    /// <param name="width">W, a float.</param>
    /// <param name="isZero">Whether pixels outside an image are 0; else all places are inside.</param>
    public PixelSamples(Lowering lowering, string images, string height, string width, bool isZero)
    {
        (l, this.images, this.width, this.isZero) = (lowering, images, width, isZero);
        (zero, one) = (l.Weight("zero", Tensor.Scalar(0f)), l.Weight("one", Tensor.Scalar(1f)));
        (lastY, lastX) = (l.Make("Sub", height, one), l.Make("Sub", width, one));
        channels = l.Joined(0, l.Part(l.Make("Shape", images), 0, -1), l.Numbers("place", 1));
    }

    /// <summary>The pixels at whole coordinates.</summary>
    public string At(string x, string y) => Weighted(x, y, null);

    /// <summary>The pixels around each place, weighted by how near they are.</summary>
    public string Between(string x, string y)
    {
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
        return l.Make("Add", above, below);
    }

    /// <summary>A coordinate no farther than the first or last pixel's middle.</summary>
    public string WithinX(string x) => Within(x, lastX);

    /// <inheritdoc cref="WithinX"/>
    public string WithinY(string y) => Within(y, lastY);

    private string Within(string pixels, string last) => l.Make("Min", l.Make("Max", pixels, zero), last);

    /// <summary>The pixels at whole coordinates times their weights; outside an image 0.</summary>
    private string Weighted(string x, string y, string? weight)
    {
        string insideX = WithinX(x),
            insideY = WithinY(y),
            place = l.Cast(l.Make("Add", l.Make("Mul", insideY, width), insideX), ElementType.Int64);
        // A place is the same in every channel.
        string pixels = l.Make(
            "GatherElements",
            new Attributes(("axis", -1L)),
            images,
            l.Make("Expand", place, channels)
        );
        if (isZero)
        {
            string isInside = l.Make("And", l.Make("Equal", x, insideX), l.Make("Equal", y, insideY)),
                counts = l.Cast(isInside, ElementType.Float32);
            weight = weight is null ? counts : l.Make("Mul", weight, counts);
        }
        return weight is null ? pixels : l.Make("Mul", pixels, weight);
    }
}
