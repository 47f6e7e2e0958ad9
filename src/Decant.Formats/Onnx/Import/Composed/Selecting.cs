using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>Operators that take elements out of tensors, or put them in.</summary>
internal static class Selecting
{
    /// <summary>Steps t of an example of length n from step n − 1 − t; later ones from their own.</summary>
    public static void ReverseSequence(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("batch_axis", "time_axis");
        l.EnsureCounts(2, 2);
        long batch = l.Node.Attributes.Int("batch_axis", 1),
            time = l.Node.Attributes.Int("time_axis", 0);
        if ((batch, time) is not ((0, 1) or (1, 0)) || l.Rank(0) < 2)
            throw new ModelException(
                $"batch_axis {batch} and time_axis {time} of {l.Rank(0)} axes: 0 and 1 are possible"
            );
        long[] order = [1, 0, .. Enumerable.Range(2, l.Rank(0) - 2)];
        string x = batch == 0 ? l.Node.Input(0) : l.Transposed(l.Node.Input(0), order),
            steps = l.Counted(l.ExtentOf(x, 1)),
            ends = l.Widened(l.Node.Input(1), 1),
            backward = l.Make("Sub", l.Make("Sub", ends, l.Weight("one", Tensor.Scalar(1L))), steps),
            from = l.Make("Where", l.Make("Less", steps, ends), backward, steps);
        string y = l.Make("GatherND", new Attributes(("batch_dims", 1L)), x, l.Widened(from, 2));
        l.Finish(batch == 0 ? y : l.Transposed(y, order));
    }

    /// <summary>Slices along an axis, or elements, whose conditions hold.</summary>
    public static void Compress(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axis");
        l.EnsureCounts(2, 2);
        bool isFlat = !l.Node.Attributes.Has("axis");
        string x = isFlat ? l.Reshaped(l.Node.Input(0), -1) : l.Node.Input(0),
            places = l.Reshaped(l.Make("NonZero", l.Node.Input(1)), -1);
        long axis = isFlat ? 0 : Normalizing.Axis(l, "axis", 0);
        l.Finish(l.Make("Gather", new Attributes(("axis", axis)), x, places));
    }

    /// <summary>Axes cut or padded with 0 to extents, the middle kept.</summary>
    public static void CenterCropPad(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axes");
        l.EnsureCounts(2, 2);
        ImmutableArray<long> stated = l.Node.Attributes.Ints("axes");
        int rank = l.Rank(0);
        long[] axes = stated.Length > 0 ? [.. stated] : [.. Enumerable.Range(0, rank).Select(a => (long)a)];
        if (axes.Any(a => a < -rank || a >= rank))
            throw new ModelException($"axes {string.Join(", ", axes)} are outside an input of {rank} axes");
        string x = l.Node.Input(0),
            target = l.Cast(l.Node.Input(1), ElementType.Int64),
            along = l.Numbers("axes", [.. axes.Select(a => a < 0 ? a + rank : a)]),
            extents = l.Make("Gather", l.Make("Shape", x), along),
            zero = l.Numbers("zero", 0),
            two = l.Numbers("two", 2),
            kept = l.Make("Min", extents, target),
            start = l.Make("Div", l.Make("Sub", extents, kept), two),
            cut = l.Make("Slice", x, start, l.Make("Add", start, kept), along),
            missing = l.Make("Max", l.Make("Sub", target, extents), zero),
            before = l.Make("Div", missing, two),
            pads = l.Joined(0, before, l.Make("Sub", missing, before));
        l.Finish(l.Make("Pad", cut, pads, "", along));
    }

    /// <summary>A cache with an update written into each example from a place on, around its end if it is a
    /// ring.</summary>
    public static void TensorScatter(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axis", "mode");
        l.EnsureCounts(2, 3);
        string mode = l.Node.Attributes.Text("mode", "linear"),
            update = l.Node.Input(1);
        if (mode is not ("linear" or "circular"))
            throw new ModelException($"mode is '{mode}'; linear and circular are possible");
        int axis = Normalizing.Axis(l, "axis", -2);
        if (axis == 0)
            throw new ModelException("axis is the one of the batch; any other is possible");
        string places = Along(l, l.Counted(l.ExtentOf(update, axis)), axis);
        if (l.Has(2))
            places = l.Make("Add", Along(l, l.Node.Input(2), 0), places);
        if (mode == "circular")
            places = l.Make("Mod", places, l.ExtentOf(l.Node.Input(0), axis));
        l.Finish(
            l.Make(
                "ScatterElements",
                new Attributes(("axis", (long)axis)),
                l.Node.Input(0),
                l.Make("Expand", places, l.Make("Shape", update)),
                update
            )
        );
    }

    /// <summary>Values at the places of a flattened result, which MaxPool gave; 0 elsewhere.</summary>
    public static void MaxUnpool(Lowering l)
    {
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("kernel_shape", "pads", "strides");
        l.EnsureCounts(2, 3);
        int axes = l.Rank(0) - 2;
        ImmutableArray<long> kernel = attributes.Ints("kernel_shape"),
            pads = attributes.Ints("pads"),
            strides = attributes.Ints("strides");
        if (axes < 1 || kernel.Length != axes)
            throw new ModelException($"kernel_shape has {kernel.Length} extents; its input has {axes} spatial axes");
        long[] rest =
        [
            .. Enumerable
                .Range(0, axes)
                .Select(i => kernel[i] - (pads.Length == 2 * axes ? pads[i] + pads[i + axes] : 0)),
        ];
        string x = l.Node.Input(0),
            steps = l.Numbers("strides", strides.Length == axes ? strides.AsSpan() : Repeated(1, axes)),
            extents = l.Part(l.Make("Shape", x), 2, long.MaxValue),
            reached = l.Make("Mul", l.Make("Sub", extents, l.Numbers("one", 1)), steps),
            inferred = l.Joined(0, l.Part(l.Make("Shape", x), 0, 2), l.Make("Add", reached, l.Numbers("kernel", rest))),
            shape = l.Has(2) ? l.Node.Input(2) : inferred,
            zeros = l.Make(
                "ConstantOfShape",
                new Attributes(("value", Scalars.Of(l.Type(0), 0).Reshape(new Shape(1)))),
                l.Make("ReduceProd", new Attributes(("keepdims", 1L)), shape)
            );
        string placed = l.Make(
            "ScatterElements",
            new Attributes(("axis", 0L)),
            zeros,
            l.Reshaped(l.Node.Input(1), -1),
            l.Reshaped(x, -1)
        );
        l.Finish(l.Make("Reshape", placed, shape));
    }

    private static long[] Repeated(long value, int count)
    {
        var values = new long[count];
        Array.Fill(values, value);
        return values;
    }

    /// <summary>A vector along an axis of the first input.</summary>
    private static string Along(Lowering l, string vector, int axis)
    {
        long[] shape = Repeated(1, l.Rank(0));
        shape[axis] = -1;
        return l.Reshaped(vector, shape);
    }

    /// <summary>1 on a diagonal of a matrix as large as the input, else 0.</summary>
    public static void EyeLike(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("dtype", "k");
        l.EnsureCounts(1, 1);
        if (l.Rank(0) != 2)
            throw new ModelException($"its input has {l.Rank(0)} axes; a matrix is expected");
        string x = l.Node.Input(0),
            offset = l.Weight("k", Tensor.Scalar(l.Node.Attributes.Int("k", 0))),
            rows = l.Make("Add", l.Widened(l.Counted(l.ExtentOf(x, 0)), 1), offset),
            columns = l.Counted(l.ExtentOf(x, 1));
        var type = (ElementType)l.Node.Attributes.Int("dtype", (long)l.Type(0));
        l.Finish(l.Cast(l.Make("Equal", columns, rows), type));
    }
}
