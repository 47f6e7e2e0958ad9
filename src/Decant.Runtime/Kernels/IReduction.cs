using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>What a reduction makes of many numbers: each is added to what was found, and parts found separately are joined.</summary>
internal interface IReduction
{
    /// <summary>What is found of no numbers.</summary>
    static abstract T Seed<T>() where T : unmanaged, INumber<T>;

    /// <summary>What is found with one number more.</summary>
    static abstract T Add<T>(T found, T x) where T : unmanaged, INumber<T>;

    /// <summary>The same on every lane.</summary>
    static abstract Vector<T> Add<T>(Vector<T> found, Vector<T> x) where T : unmanaged, INumber<T>;

    /// <summary>What is found of two parts.</summary>
    static abstract T Join<T>(T a, T b) where T : unmanaged, INumber<T>;

    /// <summary>The result, from what was found of so many numbers.</summary>
    static virtual T Finish<T>(T found, long count) where T : unmanaged, INumber<T> => found;
}
