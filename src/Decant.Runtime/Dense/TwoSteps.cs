using System.Runtime.CompilerServices;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>
/// Two steps at once, neighbouring lanes for one output channel: where the channels fill half a vector, no lane is empty. A step's
/// filters are pairs, each channel's first and second number side by side.
/// </summary>
internal readonly unsafe struct TwoSteps<V, S, H, T> : ISteps<V>
    where V : unmanaged where S : struct, ISimd<V>, IPairs<V, H> where H : unmanaged where T : struct, ISimd<H>
{
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float* from) => S.BroadcastPair(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(V sum, float* to, bool adds) => T.Store(adds ? T.Add(T.Load(to), S.SumPairs(sum)) : S.SumPairs(sum), to);
}
