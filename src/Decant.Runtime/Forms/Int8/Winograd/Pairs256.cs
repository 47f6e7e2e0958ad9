using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Forms.Int8.Winograd;

/// <summary>Eight sums: AVX2.</summary>
internal readonly unsafe struct Pairs256 : IPairs<Vector256<int>>
{
    public static int Count => 8;

    public static Vector256<int> Zero => Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(short* from) => Vector256.Load(from).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, int* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int pair) => Vector256.Create(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sum, Vector256<int> a, Vector256<int> b) =>
        sum + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}
