namespace Decant.Runtime.Dense;

/// <summary>How many steps of a sum the lanes of a vector take at once.</summary>
/// <typeparam name="V">The vector type.</typeparam>
internal unsafe interface ISteps<V> where V : unmanaged
{
    /// <summary>Steps at once.</summary>
    static abstract int Count { get; }

    /// <summary>The numbers of those steps, over all lanes.</summary>
    static abstract V Broadcast(float* from);

    /// <summary>Writes a sum, or adds it to what is there.</summary>
    static abstract void Put(V sum, float* to, bool adds);
}
