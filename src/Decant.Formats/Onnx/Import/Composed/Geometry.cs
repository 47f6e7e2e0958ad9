using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>Operators on the places of images.</summary>
internal static class Geometry
{
    /// <summary>
    /// ONNX AffineGrid: the places of an image or a volume, from −1 to 1, each mapped by a matrix of its example.
    /// </summary>
    public static void AffineGrid(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("align_corners");
        l.EnsureCounts(2, 2);
        int axes = l.Extent(1, 0) is { } count and (4 or 5)
            ? (int)count - 2
            : throw new ModelException("its size is not known to have 4 or 5 elements");
        if (l.Rank(0) != 3 || l.Extent(0, 2) is { } columns && columns != axes + 1)
            throw new ModelException($"its matrices are not N×{axes}×{axes + 1}");
        string size = l.Node.Input(1),
            extents = l.Part(size, 2, axes + 2),
            column = l.Joined(0, extents, l.Numbers("one", 1));
        ImmutableArray<string> coordinates = [];
        for (int axis = axes - 1; axis >= 0; axis--)
        {
            var shape = new long[axes + 1];
            Array.Fill(shape, 1);
            shape[axis] = -1;
            string steps = l.Reshaped(Steps(l, l.Part(size, axis + 2, axis + 3)), shape);
            coordinates = coordinates.Add(l.Make("Expand", steps, column));
        }
        string ones = l.Make("Expand", l.Number("unit", 1), column),
            places = l.Reshaped(l.Joined(-1, coordinates.Add(ones)), -1, axes + 1),
            mapped = l.Make("MatMul", places, l.Transposed(l.Node.Input(0), 0, 2, 1)),
            result = l.Joined(0, l.Part(size, 0, 1), extents, l.Numbers("coordinates", axes));
        l.Finish(l.Make("Reshape", mapped, result));
    }

    /// <summary>So many places from −1 to 1: pixels' middles, or from the first middle to the last.</summary>
    private static string Steps(Lowering l, string extent)
    {
        string one = l.Number("one", 1),
            two = l.Number("two", 2),
            count = l.Cast(l.Reshaped(extent), l.Type(0)),
            places = l.Cast(l.Counted(l.Reshaped(extent)), l.Type(0)),
            doubled = l.Make("Mul", places, two);
        return l.Node.Attributes.Flag("align_corners")
            ? l.Make("Sub", l.Make("Div", doubled, l.Make("Sub", count, one)), one)
            : l.Make("Sub", l.Make("Div", l.Make("Add", doubled, one), count), one);
    }

    /// <summary>
    /// ONNX Col2Im: the sum of the blocks that columns are, each at its place: a transposed convolution by filters that
    /// are 1 at a place of the block.
    /// </summary>
    public static void Col2Im(Lowering l)
    {
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("dilations", "pads", "strides");
        l.EnsureCounts(3, 3);
        long[] image = Extents(l, 1),
            block = Extents(l, 2),
            dilations = Given(l, "dilations", image.Length, 1),
            strides = Given(l, "strides", image.Length, 1),
            pads = Given(l, "pads", 2 * image.Length, 0);
        if (block.Length != image.Length || image.Length is < 1 or > 3)
            throw new ModelException(
                $"its image has {image.Length} axes and its block {block.Length}; 1 to 3 are possible"
            );
        long taps = block.Aggregate(1L, (n, b) => checked(n * b));
        if (l.Rank(0) != 3 || l.Extent(0, 1) is not { } rows || taps < 1 || rows % taps > 0)
            throw new ModelException($"its rows are not known to be blocks of {taps}");
        long channels = rows / taps;
        if (rows * taps > 1 << 24)
            throw new ModelException($"its {channels:N0} channels of blocks of {taps:N0} are too many");
        int n = image.Length;
        var counts = new long[n];
        var rest = new long[n];
        for (int i = 0; i < n; i++)
        {
            long reach = image[i] + pads[i] + pads[n + i] - dilations[i] * (block[i] - 1) - 1;
            if (reach < 0 || strides[i] < 1 || dilations[i] < 1)
                throw new ModelException($"its blocks do not fit an image of {string.Join('×', image)}");
            (counts[i], rest[i]) = (reach / strides[i] + 1, reach % strides[i]);
        }
        var filters = new float[rows * taps];
        for (long row = 0; row < rows; row++)
            filters[row * taps + row % taps] = 1;
        string weight = l.Weight("blocks", Tensor.Of(new Shape([(int)rows, 1, .. block.Select(b => (int)b)]), filters)),
            x = l.Reshaped(l.Node.Input(0), [0, rows, .. counts]);
        l.Finish(
            l.Make(
                "ConvTranspose",
                new Attributes(
                    ("group", channels),
                    ("strides", strides.ToImmutableArray()),
                    ("dilations", dilations.ToImmutableArray()),
                    ("pads", pads.ToImmutableArray()),
                    ("output_padding", rest.ToImmutableArray())
                ),
                x,
                weight
            )
        );
    }

    private static long[] Extents(Lowering l, int input) =>
        l.Constant(input) is { Type: ElementType.Int64, Shape.Rank: 1 } constant
        && constant.Array<long>() is var extents
        && extents.All(e => e is > 0 and <= int.MaxValue)
            ? extents
            : throw new ModelException($"its input {input} is not extents that are known when the file is read");

    private static long[] Given(Lowering l, string attribute, int count, long otherwise)
    {
        ImmutableArray<long> stated = l.Node.Attributes.Ints(attribute);
        if (stated.Length == count)
            return [.. stated];
        if (stated.Length > 0)
            throw new ModelException($"{attribute} has {stated.Length} elements; {count} are expected");
        var values = new long[count];
        Array.Fill(values, otherwise);
        return values;
    }
}
