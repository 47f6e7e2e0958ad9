using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>An element-wise operation of two numbers, with its vector form.</summary>
internal interface IBinaryArithmetic
{
    /// <summary>One element; integers wrap.</summary>
    static abstract T Apply<T>(T x, T y) where T : unmanaged, INumber<T>;

    /// <summary>The same on every lane; called for floating-point types only.</summary>
    static abstract Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T>;
}
