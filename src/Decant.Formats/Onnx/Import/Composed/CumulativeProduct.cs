using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX CumProd: each element times those before it, in steps that double how many each holds the product of.
/// </summary>
internal static class CumulativeProduct
{
    /// <exception cref="ModelException">The axis or its extent is not known.</exception>
    public static void Lower(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("exclusive", "reverse");
        l.EnsureCounts(2, 2);
        int rank = l.Rank(0);
        long stated =
                SoundWindows.Whole(l, 1) ?? throw new ModelException("its axis is not known when the file is read"),
            axis = stated < 0 ? stated + rank : stated;
        if (axis < 0 || axis >= rank)
            throw new ModelException($"axis {stated} is outside an input of {rank} axes");
        long extent = l.Extent(0, (int)axis) ?? throw new ModelException($"the extent of axis {axis} is not known");
        bool isReverse = l.Node.Attributes.Flag("reverse");
        string x = isReverse ? Reversed(l, l.Node.Input(0), axis) : l.Node.Input(0);
        if (l.Node.Attributes.Flag("exclusive"))
        {
            var pads = new long[2 * rank];
            (pads[axis], pads[rank + axis]) = (1, -1);
            x = l.Make("Pad", x, l.Numbers("pads", pads), l.Number("one", 1));
        }
        for (long held = 1; held < extent; held *= 2)
        {
            string later = l.Make("Mul", l.Sliced(x, axis, held, extent), l.Sliced(x, axis, 0, extent - held));
            x = l.Joined(axis, l.Sliced(x, axis, 0, held), later);
        }
        l.Finish(l.Make("Identity", isReverse ? Reversed(l, x, axis) : x));
    }

    private static string Reversed(Lowering l, string x, long axis) =>
        l.Make(
            "Slice",
            x,
            l.Numbers("from", -1),
            l.Numbers("to", long.MinValue),
            l.Numbers("axis", axis),
            l.Numbers("step", -1)
        );
}
