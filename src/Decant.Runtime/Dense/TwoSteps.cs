using System.Runtime.CompilerServices;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>
/// Two steps at once, neighbouring lanes for one output channel: where the channels fill half a vector, no lane is empty. Filters are
/// packed by <see cref="PackedFilters.OfPairs"/>.
/// </summary>
internal readonly unsafe struct TwoSteps<V, S, H, T> : ISteps<V>
    where V : unmanaged where S : struct, ISimd<V>, IPairs<V, H> where H : unmanaged where T : struct, ISimd<H>
{
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float* from) => S.BroadcastPair(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Begin(float* bias) => S.Zero;

    public static void End(ref TileArguments t, int pixels)
    {
        H bias = T.Load(t.Bias);
        float* z = t.Scratch;
        for (int p = 0; p < pixels; p++) T.Store(T.Add(bias, S.SumPairs(S.Load(z + p * S.Count))), z + p * T.Count);
        TileEnd<H, T>.Write(ref t, pixels, 1);
    }
}
