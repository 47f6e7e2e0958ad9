using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Runtime.Dense;

/// <summary>One step at once, each lane for an output channel.</summary>
internal readonly unsafe struct OneStep : ISteps
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float* from) => Vector512.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<float> sum, float* to, bool adds) => (adds ? Vector512.Load(to) + sum : sum).Store(to);
}
