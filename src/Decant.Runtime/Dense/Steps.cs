using System.Runtime.CompilerServices;
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

/// <summary>One step at once, each lane for an output channel.</summary>
internal readonly unsafe struct OneStep : ISteps
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float* from) => Vector512.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<float> sum, float* to, bool adds) =>
        (adds ? Vector512.Load(to) + sum : sum).Store(to);
}

/// <summary>
/// Two steps at once, neighbouring lanes for one output channel: where the channels fill half a vector, no lane is
/// empty. A step's filters are pairs, each channel's first and second number side by side.
/// </summary>
internal readonly unsafe struct TwoSteps : ISteps
{
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float* from) => Vector512.Create(*(double*)from).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<float> sum, float* to, bool adds)
    {
        Vector256<float> pairs =
            Vector512.Shuffle(sum, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14)).GetLower()
            + Vector512.Shuffle(sum, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15)).GetLower();
        (adds ? Vector256.Load(to) + pairs : pairs).Store(to);
    }
}
