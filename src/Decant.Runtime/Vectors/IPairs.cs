namespace Decant.Runtime.Vectors;

/// <summary>Vectors whose neighbouring lanes make pairs: kernels whose outputs fill half a vector sum two steps at once with it.</summary>
/// <typeparam name="V">The vector type.</typeparam>
/// <typeparam name="H">The vector of half the width.</typeparam>
internal unsafe interface IPairs<V, H> where V : unmanaged where H : unmanaged
{
    /// <summary>Two numbers that lie together, in turn in all lanes.</summary>
    static abstract V BroadcastPair(float* from);

    /// <summary>The sums of the first and second lane, the third and fourth, and so on.</summary>
    static abstract H SumPairs(V a);
}
