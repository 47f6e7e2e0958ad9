namespace Decant.Runtime.Dense;

/// <summary>How many steps of a sum the lanes of a vector take at once.</summary>
/// <typeparam name="V">The vector type.</typeparam>
internal unsafe interface ISteps<V> where V : unmanaged
{
    /// <summary>Steps at once.</summary>
    static abstract int Count { get; }

    /// <summary>The numbers of those steps, over all lanes.</summary>
    static abstract V Broadcast(float* from);

    /// <summary>What sums begin with.</summary>
    static abstract V Begin(float* bias);

    /// <summary>Ends a tile of so many pixels, whose sums are in the scratch.</summary>
    static abstract void End(ref TileArguments t, int pixels);
}
