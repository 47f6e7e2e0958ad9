using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>Norms, and what is divided by them; activations that are a choice.</summary>
internal static class Normalizing
{
    /// <summary>1 where an axis has its first maximum, else 0.</summary>
    public static void Hardmax(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axis");
        l.EnsureCounts(1, 1);
        int axis = Axis(l, "axis", -1);
        string x = l.Node.Input(0),
            first = l.Make("ArgMax", new Attributes(("axis", (long)axis), ("keepdims", 1L)), x);
        var column = new long[l.Rank(0) - axis];
        Array.Fill(column, 1);
        column[0] = -1;
        string places = l.Reshaped(l.Counted(l.ExtentOf(x, axis)), column);
        l.Finish(l.Cast(l.Make("Equal", places, first), l.Type(0)));
    }

    /// <summary>x + bias below −lambd, x − bias above lambd, and 0 between.</summary>
    public static void Shrink(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("bias", "lambd");
        l.EnsureCounts(1, 1);
        string x = l.Node.Input(0),
            bias = l.Number("bias", l.Node.Attributes.Float("bias", 0));
        float limit = l.Node.Attributes.Float("lambd", 0.5f);
        string below = l.Make("Less", x, l.Number("low", -limit)),
            above = l.Make("Less", l.Number("high", limit), x),
            rest = l.Make("Where", above, l.Make("Sub", x, bias), l.Number("zero", 0));
        l.Finish(l.Make("Where", below, l.Make("Add", x, bias), rest));
    }

    /// <summary>x divided by its norm along an axis; 0 where that is 0.</summary>
    public static void LpNormalization(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axis", "p");
        l.EnsureCounts(1, 1);
        long power = l.Node.Attributes.Int("p", 2);
        if (power is not (1 or 2))
            throw new ModelException($"p is {power}; 1 and 2 are possible");
        string axis = l.Numbers("axis", Axis(l, "axis", -1)),
            norm = l.Make($"ReduceL{power}", new Attributes(("keepdims", 1L)), l.Node.Input(0), axis),
            isNone = l.Make("Equal", norm, l.Number("zero", 0));
        l.Finish(l.Make("Div", l.Node.Input(0), l.Make("Where", isNone, l.Number("one", 1), norm)));
    }

    /// <summary>(x − E[x]) / (√E[(x − E[x])²] + 1e-9) over some axes.</summary>
    public static void MeanVarianceNormalization(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axes");
        l.EnsureCounts(1, 1);
        ImmutableArray<long> stated = l.Node.Attributes.Ints("axes");
        string axes = l.Numbers("axes", stated.Length > 0 ? stated.AsSpan() : [0, 2, 3]);
        var keeps = new Attributes(("keepdims", 1L));
        string x = l.Node.Input(0),
            centred = l.Make("Sub", x, l.Make("ReduceMean", keeps, x, axes)),
            variance = l.Make("ReduceMean", keeps, l.Make("Mul", centred, centred), axes),
            deviation = l.Make("Add", l.Make("Sqrt", variance), l.Number("epsilon", 1e-9));
        l.Finish(l.Make("Div", centred, deviation));
    }

    /// <summary>(Σ |x|^p)^(1/p) of all of each channel.</summary>
    public static void GlobalLpPool(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("p");
        l.EnsureCounts(1, 1);
        long power = l.Node.Attributes.Int("p", 2);
        if (power < 1)
            throw new ModelException($"p is {power}; 1 or more is possible");
        if (l.Rank(0) < 3)
            throw new ModelException($"its input has {l.Rank(0)} axes; 3 or more are expected");
        string axes = l.Numbers("axes", [.. Enumerable.Range(2, l.Rank(0) - 2).Select(a => (long)a)]);
        var keeps = new Attributes(("keepdims", 1L));
        if (power < 3)
        {
            l.Finish(l.Make($"ReduceL{power}", keeps, l.Node.Input(0), axes));
            return;
        }
        string powers = l.Make("Pow", l.Make("Abs", l.Node.Input(0)), l.Number("p", power)),
            sum = l.Make("ReduceSum", keeps, powers, axes);
        l.Finish(l.Make("Pow", sum, l.Number("root", 1.0 / power)));
    }

    /// <summary>The axis that an attribute names, counted from the first.</summary>
    public static int Axis(Lowering l, string attribute, long otherwise)
    {
        long axis = l.Node.Attributes.Int(attribute, otherwise);
        int rank = l.Rank(0);
        return axis >= -rank && axis < rank
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw new ModelException($"{attribute} {axis} is outside an input of {rank} axes");
    }
}
