using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX ScatterND as ScatterElements: the first k axes of the data, where k is the length of an index, become one, and
/// indices places along it.
/// </summary>
internal static class ScatterNd
{
    /// <exception cref="ModelException">The length of an index is not known.</exception>
    public static void Lower(Lowering l)
    {
        (string data, string indices, string updates) = (l.Node.Input(0), l.Node.Input(1), l.Node.Input(2));
        int rank = l.Rank(0),
            last = l.Rank(1) - 1;
        if (last < 0 || l.Extent(1, last) is not { } length || length < 1 || length > rank)
            throw new ModelException("how long an index is, the last extent of its indices, is not known");
        int kept = rank - (int)length;
        string shape = l.Make("Shape", data),
            inner = l.Part(shape, length, rank),
            all = l.Numbers("all", -1),
            flat = l.Make("Concat", new Attributes(("axis", 0L)), all, inner),
            rows = l.Make("Reshape", updates, flat);
        string place = l.Make("Reshape", Places(l, indices, shape, (int)length), l.Numbers("column", Column(kept)));
        string scattered = l.Make(
            "ScatterElements",
            l.Node.Attributes.With("axis", 0L),
            l.Make("Reshape", data, flat),
            kept == 0 ? place : l.Make("Expand", place, l.Make("Shape", rows)),
            rows
        );
        l.Finish(l.Make("Reshape", scattered, shape));
    }

    /// <summary>The place of each index along the joined axes: Σ index·stride, indices below 0 counted from the
    /// end.</summary>
    private static string Places(Lowering l, string indices, string shape, int length)
    {
        string extents = l.Part(shape, 0, length),
            positive = l.Make("Mod", l.Make("Add", indices, extents), extents);
        return l.Make(
            "ReduceSum",
            new Attributes(("keepdims", 0L)),
            l.Make("Mul", positive, Strides(l, shape, length)),
            l.Numbers("axis", -1)
        );
    }

    /// <summary>Of each joined axis the product of the extents after it, computed where they are not known.</summary>
    private static string Strides(Lowering l, string shape, int length)
    {
        var strides = new long[length];
        strides[^1] = 1;
        for (int i = length - 1; i > 0; i--)
        {
            if (l.Extent(0, i) is not { } extent)
                return ComputedStrides(l, shape, length);
            strides[i - 1] = checked(strides[i] * extent);
        }
        return l.Numbers("strides", strides);
    }

    private static string ComputedStrides(Lowering l, string shape, int length)
    {
        ImmutableArray<string> strides = [];
        for (int i = 1; i < length; i++)
            strides = strides.Add(l.Make("ReduceProd", l.Part(shape, i, length)));
        return l.Make("Concat", new Attributes(("axis", 0L)), strides.Add(l.Numbers("one", 1)));
    }

    private static long[] Column(int kept)
    {
        var column = new long[kept + 1];
        Array.Fill(column, 1);
        column[0] = -1;
        return column;
    }
}
