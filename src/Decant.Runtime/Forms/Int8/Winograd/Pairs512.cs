using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Forms.Int8.Winograd;

/// <summary>Sixteen sums: AVX-512.</summary>
internal readonly unsafe struct Pairs512 : IPairs<Vector512<int>>
{
    public static int Count => 16;

    public static Vector512<int> Zero => Vector512<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(short* from) => Vector512.Load(from).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> value, int* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int pair) => Vector512.Create(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<int> a, Vector512<int> b) =>
        sum + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}
