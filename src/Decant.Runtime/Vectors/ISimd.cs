namespace Decant.Runtime.Vectors;

/// <summary>A vector of floats of some width: kernels are written once over it, and compiled for each width.</summary>
/// <typeparam name="V">The vector type.</typeparam>
internal unsafe interface ISimd<V>
    where V : unmanaged
{
    /// <summary>How many floats a vector holds.</summary>
    static abstract int Count { get; }

    /// <summary>Zeros.</summary>
    static abstract V Zero { get; }

    /// <summary>Reads a vector; no alignment is needed.</summary>
    static abstract V Load(float* from);

    /// <summary>Writes a vector; no alignment is needed.</summary>
    static abstract void Store(V value, float* to);

    /// <summary>One number in every lane.</summary>
    static abstract V Broadcast(float value);

    /// <summary>a·b + c, rounded once where the processor can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>a + b.</summary>
    static abstract V Add(V a, V b);

    /// <summary>a - b.</summary>
    static abstract V Subtract(V a, V b);

    /// <summary>a·b.</summary>
    static abstract V Multiply(V a, V b);

    /// <summary>The larger; NaN where b is NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller; NaN where b is NaN.</summary>
    static abstract V Min(V a, V b);

    /// <summary>The sum of the lanes.</summary>
    static abstract float Sum(V a);

    /// <summary>a/b.</summary>
    static abstract V Divide(V a, V b);

    /// <summary>e to the power a.</summary>
    static abstract V Exp(V a);

    /// <summary>The natural logarithm.</summary>
    static abstract V Log(V a);

    /// <summary>The square root.</summary>
    static abstract V Sqrt(V a);

    /// <summary>|a|.</summary>
    static abstract V Abs(V a);

    /// <summary>The size of one with the sign of another.</summary>
    static abstract V CopySign(V size, V sign);

    /// <summary>Lane by lane, one where a &lt; b, else another.</summary>
    static abstract V IfLess(V a, V b, V then, V otherwise);
}
