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
        channels;
    private readonly PixelSamples images;

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
        (height, width) = (Floats(l.Part(shape, 2, 3)), Floats(l.Part(shape, 3, 4)));
        channels = l.Part(shape, 0, 2);
        string flat = l.Make("Reshape", l.Node.Input(0), l.Joined(0, channels, l.Numbers("plane", -1)));
        images = new PixelSamples(l, flat, height, width, isZero);
    }

    /// <exception cref="ModelException">A mode, or the input's rank, is not supported.</exception>
    public static void Lower(Lowering lowering) => new GridSample(lowering).Lower();

    private void Lower()
    {
        string x = Pixels(0, width),
            y = Pixels(1, height);
        if (!isZero)
            (x, y) = (images.WithinX(x), images.WithinY(y));
        l.Finish(Shaped(isNearest ? images.At(l.Make("Round", x), l.Make("Round", y)) : images.Between(x, y)));
    }

    /// <summary>A coordinate of all places in pixels, N×1×h·w.</summary>
    private string Pixels(long coordinate, string size)
    {
        string places = l.Make(
                "Gather",
                new Attributes(("axis", 3L)),
                l.Node.Input(1),
                l.Weight("coordinate", Tensor.Scalar(coordinate))
            ),
            one = l.Weight("unit", Tensor.Scalar(1f)),
            shifted = l.Make("Add", l.Make("Reshape", places, l.Numbers("row", 0, 1, -1)), one),
            half = l.Weight("half", Tensor.Scalar(0.5f));
        return alignsCorners
            ? l.Make("Mul", l.Make("Mul", shifted, half), l.Make("Sub", size, one))
            : l.Make("Mul", l.Make("Sub", l.Make("Mul", shifted, size), one), half);
    }

    private string Floats(string value) => l.Cast(value, ElementType.Float32);

    /// <summary>The image of places, N×C×h×w.</summary>
    private string Shaped(string pixels) =>
        l.Make("Reshape", pixels, l.Joined(0, channels, l.Part(l.Make("Shape", l.Node.Input(1)), 1, 3)));
}
