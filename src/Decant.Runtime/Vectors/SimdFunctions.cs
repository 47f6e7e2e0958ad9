using System.Runtime.CompilerServices;

namespace Decant.Runtime.Vectors;

/// <summary>Functions of vectors of floats of any width, to a few units of the last place.</summary>
internal static class SimdFunctions
{
    /// <summary>1/(1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<V> => S.Divide(S.Broadcast(1), S.Add(S.Broadcast(1), S.Exp(S.Subtract(S.Zero, x))));

    /// <summary>
    /// The hyperbolic tangent: x + x·x²·P(x²)/Q(x²) near 0 (Cody, Waite 1980), elsewhere by e^(−2|x|).
    /// </summary>
    public static V Tanh<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        V size = S.Abs(x),
            square = S.Multiply(x, x),
            e = S.Exp(S.Multiply(size, S.Broadcast(-2)));
        V p = Horner<V, S>(Horner<V, S>(S.Broadcast(-9.64399179e-1f), square, -9.92877231e1f), square, -1.61468768e3f);
        V q = Horner<V, S>(
            Horner<V, S>(S.Add(square, S.Broadcast(1.12811679e2f)), square, 2.23548839e3f),
            square,
            4.84406305e3f
        );
        V near = S.MultiplyAdd(S.Multiply(x, square), S.Divide(p, q), x);
        V far = S.CopySign(S.Divide(S.Subtract(S.Broadcast(1), e), S.Add(S.Broadcast(1), e)), x);
        return S.IfLess(size, S.Broadcast(0.625f), near, far);
    }

    /// <summary>eˣ − 1 for x of 0 or less, exact near 0 too: with t = tanh(x/2) it is 2t/(1 − t).</summary>
    public static V NegativeExpM1<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        V t = Tanh<V, S>(S.Multiply(x, S.Broadcast(0.5f)));
        return S.Divide(S.Add(t, t), S.Subtract(S.Broadcast(1), t));
    }

    /// <summary>
    /// ln(1 + eˣ) without overflow, exact for small eˣ too: ln w·u/(w − 1) for w = 1 + u is ln(1 + u).
    /// </summary>
    public static V Softplus<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        V one = S.Broadcast(1),
            u = S.Exp(S.Subtract(S.Zero, S.Abs(x))),
            w = S.Add(one, u);
        V log = S.IfLess(one, w, S.Multiply(S.Log(w), S.Divide(u, S.Subtract(w, one))), u);
        return S.Add(S.Max(S.Zero, x), log);
    }

    /// <summary>The error function by rational approximations (Cody 1969).</summary>
    public static V Erf<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        V size = S.Abs(x),
            square = S.Multiply(x, x),
            e = S.Exp(S.Subtract(S.Zero, square));
        V far = S.CopySign(S.Subtract(S.Broadcast(1), S.Multiply(e, FarErfc<V, S>(S.Min(S.Broadcast(4), size)))), x);
        V p = Horner<V, S>(
            Horner<V, S>(
                Horner<V, S>(Horner<V, S>(S.Broadcast(1.85777706e-1f), square, 3.16112374f), square, 1.13864154e2f),
                square,
                3.77485238e2f
            ),
            square,
            3.20937759e3f
        );
        V q = Horner<V, S>(
            Horner<V, S>(
                Horner<V, S>(S.Add(square, S.Broadcast(2.36012910e1f)), square, 2.44024638e2f),
                square,
                1.28261653e3f
            ),
            square,
            2.84423684e3f
        );
        return S.IfLess(S.Broadcast(0.46875f), size, far, S.Multiply(x, S.Divide(p, q)));
    }

    /// <summary>erfc(x)·e^x² for x from 0.46875 to 4.</summary>
    private static V FarErfc<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        V p = Horner<V, S>(
            Horner<V, S>(
                Horner<V, S>(Horner<V, S>(S.Broadcast(2.15311535e-8f), x, 5.64188497e-1f), x, 8.88314979f),
                x,
                6.61191906e1f
            ),
            x,
            2.98635138e2f
        );
        p = Horner<V, S>(
            Horner<V, S>(Horner<V, S>(Horner<V, S>(p, x, 8.81952221e2f), x, 1.71204761e3f), x, 2.05107838e3f),
            x,
            1.23033935e3f
        );
        V q = Horner<V, S>(
            Horner<V, S>(Horner<V, S>(S.Add(x, S.Broadcast(1.57449261e1f)), x, 1.17693951e2f), x, 5.37181102e2f),
            x,
            1.62138957e3f
        );
        q = Horner<V, S>(
            Horner<V, S>(Horner<V, S>(Horner<V, S>(q, x, 3.29079924e3f), x, 4.36261909e3f), x, 3.43936767e3f),
            x,
            1.23033935e3f
        );
        return S.Divide(p, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Horner<V, S>(V sum, V x, float next)
        where V : unmanaged
        where S : struct, ISimd<V> => S.MultiplyAdd(sum, x, S.Broadcast(next));
}
