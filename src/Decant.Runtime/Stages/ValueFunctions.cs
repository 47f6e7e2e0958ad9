using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>Functions of one value that plans compute.</summary>
internal static class ValueFunctions
{
    /// <summary>1/(1 + e^-a).</summary>
    public readonly struct Sigmoid : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => SimdFunctions.Sigmoid<V, S>(a);
    }

    /// <summary>The hyperbolic tangent.</summary>
    public readonly struct Tanh : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => SimdFunctions.Tanh<V, S>(a);
    }

    /// <summary>The error function.</summary>
    public readonly struct Erf : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => SimdFunctions.Erf<V, S>(a);
    }

    /// <summary>a·Φ(a) (Hendrycks, Gimpel 2016).</summary>
    public readonly struct Gelu : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> =>
            S.Multiply(
                S.Multiply(a, S.Broadcast(0.5f)),
                S.Add(S.Broadcast(1), SimdFunctions.Erf<V, S>(S.Multiply(a, S.Broadcast(0.70710678f))))
            );
    }

    /// <summary>Its approximation by tanh.</summary>
    public readonly struct GeluByTanh : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> =>
            S.Multiply(
                S.Multiply(a, S.Broadcast(0.5f)),
                S.Add(
                    S.Broadcast(1),
                    SimdFunctions.Tanh<V, S>(
                        S.Multiply(
                            S.MultiplyAdd(S.Multiply(S.Multiply(a, a), a), S.Broadcast(0.044715f), a),
                            S.Broadcast(0.79788456f)
                        )
                    )
                )
            );
    }

    /// <summary>e^a.</summary>
    public readonly struct Exp : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Exp(a);
    }

    /// <summary>The natural logarithm.</summary>
    public readonly struct Log : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Log(a);
    }

    /// <summary>The square root.</summary>
    public readonly struct Sqrt : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Sqrt(a);
    }

    /// <summary>|a|.</summary>
    public readonly struct Abs : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Abs(a);
    }

    /// <summary>p·a.</summary>
    public readonly struct Scale : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Multiply(p, a);
    }

    /// <summary>1/a.</summary>
    public readonly struct Reciprocal : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Divide(S.Broadcast(1), a);
    }

    /// <summary>a².</summary>
    public readonly struct Square : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Multiply(a, a);
    }

    /// <summary>a where it is positive, p·a where it is not.</summary>
    public readonly struct LeakyRelu : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.IfLess(a, S.Zero, S.Multiply(p, a), a);
    }

    /// <summary>q·a where a is positive, q·p·(e^a − 1) where it is not.</summary>
    public readonly struct Elu : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> =>
            S.Multiply(q, S.IfLess(a, S.Zero, S.Multiply(p, SimdFunctions.NegativeExpM1<V, S>(S.Min(S.Zero, a))), a));
    }

    /// <summary>p·a + q between 0 and 1.</summary>
    public readonly struct HardSigmoid : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Max(S.Zero, S.Min(S.Broadcast(1), S.MultiplyAdd(p, a, q)));
    }

    /// <summary>a times (a/6 + 1/2 between 0 and 1).</summary>
    public readonly struct HardSwish : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> =>
            S.Multiply(
                a,
                S.Max(S.Zero, S.Min(S.Broadcast(1), S.MultiplyAdd(a, S.Broadcast(1f / 6), S.Broadcast(0.5f))))
            );
    }

    /// <summary>ln(1 + e^a).</summary>
    public readonly struct Softplus : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => SimdFunctions.Softplus<V, S>(a);
    }
}
