using System.Runtime.CompilerServices;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>One step at once, each lane for an output channel.</summary>
internal readonly unsafe struct OneStep<V, S> : ISteps<V> where V : unmanaged where S : struct, ISimd<V>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float* from) => S.Broadcast(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(V sum, float* to, bool adds) => S.Store(adds ? S.Add(S.Load(to), sum) : sum, to);
}
