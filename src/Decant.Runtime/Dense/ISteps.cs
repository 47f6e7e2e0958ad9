using System.Runtime.Intrinsics;

namespace Decant.Runtime.Dense;

/// <summary>How many steps of a sum the lanes of a vector of 512 bits take at once.</summary>
internal unsafe interface ISteps
{
    /// <summary>Steps at once.</summary>
    static abstract int Count { get; }

    /// <summary>The numbers of those steps, over all lanes.</summary>
    static abstract Vector512<float> Broadcast(float* from);

    /// <summary>Writes a sum, or adds it to what is there.</summary>
    static abstract void Put(Vector512<float> sum, float* to, bool adds);
}
