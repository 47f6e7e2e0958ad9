using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>The element-wise functions that plans compute.</summary>
internal static class ElementwiseFunctions
{
    /// <summary>clamp(a + b, p, q).</summary>
    public readonly struct Add : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Add(a, b)));
    }

    /// <summary>clamp(a - b, p, q).</summary>
    public readonly struct Sub : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Subtract(a, b)));
    }

    /// <summary>clamp(a·b, p, q).</summary>
    public readonly struct Mul : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Multiply(a, b)));
    }

    /// <summary>clamp(a/b, p, q).</summary>
    public readonly struct Div : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Divide(a, b)));
    }

    /// <summary>clamp(a·b + c, p, q).</summary>
    public readonly struct MultiplyAdd : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.MultiplyAdd(a, b, c)));
    }

    /// <summary>clamp(a, p, q).</summary>
    public readonly struct Clamp : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V> => S.Min(q, S.Max(p, a));
    }

    /// <summary>a where it is positive, a·b where it is not.</summary>
    public readonly struct PRelu : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V> => S.IfLess(a, S.Zero, S.Multiply(a, b), a);
    }
}
