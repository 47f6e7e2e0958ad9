using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>An element-wise operation of two numbers, with its vector form.</summary>
internal interface IBinaryArithmetic
{
    /// <summary>One element; integers wrap.</summary>
    static abstract T Apply<T>(T x, T y) where T : unmanaged, INumber<T>;

    /// <summary>The same on every lane; called for types that <see cref="HasVector"/> allows.</summary>
    static virtual Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> => throw new NotSupportedException();

    /// <summary>Whether there is a vector form for a type: for floats, unless said otherwise.</summary>
    static virtual bool HasVector<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);
}
