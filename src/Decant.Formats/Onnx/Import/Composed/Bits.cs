using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>Operators on the bits of integers that arithmetic computes.</summary>
internal static class Bits
{
    /// <summary>Every bit turned: −1 − x, or for a type without sign the largest number less x.</summary>
    public static void Not(Lowering l)
    {
        l.Node.Attributes.EnsureOnly();
        l.EnsureCounts(1, 1);
        Tensor all = l.Type(0) switch
        {
            ElementType.UInt8 => Tensor.Scalar(byte.MaxValue),
            ElementType.UInt16 => Tensor.Scalar(ushort.MaxValue),
            ElementType.UInt32 => Tensor.Scalar(uint.MaxValue),
            ElementType.UInt64 => Tensor.Scalar(ulong.MaxValue),
            ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64 => Scalars.Of(
                l.Type(0),
                -1
            ),
            var type => throw new ModelException($"it takes {type}; integers of 8 to 64 bits are possible"),
        };
        l.Finish(l.Make("Sub", l.Weight("all", all), l.Node.Input(0)));
    }

    /// <summary>Multiplied or divided by 2ⁿ; 0 where nothing is left.</summary>
    public static void Shift(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("direction");
        l.EnsureCounts(2, 2);
        string direction = l.Node.Attributes.Text("direction", "");
        if (direction is not ("LEFT" or "RIGHT"))
            throw new ModelException($"direction is '{direction}'; LEFT and RIGHT are possible");
        Tensor powers = l.Type(0) switch
        {
            ElementType.UInt8 => Tensor.Vector([.. Enumerable.Range(0, 8).Select(i => (byte)(1 << i))]),
            ElementType.UInt16 => Tensor.Vector([.. Enumerable.Range(0, 16).Select(i => (ushort)(1 << i))]),
            ElementType.UInt32 => Tensor.Vector([.. Enumerable.Range(0, 32).Select(i => 1u << i)]),
            ElementType.UInt64 => Tensor.Vector([.. Enumerable.Range(0, 64).Select(i => 1ul << i)]),
            var type => throw new ModelException($"it takes {type}; integers without sign are possible"),
        };
        string bits = l.Cast(l.Node.Input(1), ElementType.Int64),
            last = l.Weight("last", Tensor.Scalar(powers.Count - 1L)),
            power = l.Make("Gather", l.Weight("powers", powers), l.Make("Min", bits, last)),
            moved = l.Make(direction == "LEFT" ? "Mul" : "Div", l.Node.Input(0), power);
        string isLess = l.Make("LessOrEqual", bits, last);
        l.Finish(l.Make("Mul", moved, l.Cast(isLess, l.Type(0))));
    }
}
