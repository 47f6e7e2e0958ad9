using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>A row of an element-wise function: whole vectors, then the rest one by one.</summary>
internal static unsafe class ElementwiseRow<F> where F : struct, IElementwise
{
    /// <summary>The method of a width.</summary>
    public static delegate*<ref RowArguments, void> For(VectorWidth width) => width switch
    {
        VectorWidth.V512 => &Run<Vector512<float>, Simd512>,
        VectorWidth.V256 => &Run<Vector256<float>, Simd256>,
        VectorWidth.V128 => &Run<Vector128<float>, Simd128>,
        _ => &Run<float, SimdScalar>,
    };

    private static void Run<V, S>(ref RowArguments r) where V : unmanaged where S : struct, ISimd<V>
    {
        V p = S.Broadcast(r.P), q = S.Broadcast(r.Q);
        int i = 0;
        for (; i <= r.Count - S.Count; i += S.Count)
            S.Store(F.Apply<V, S>(S.Load(r.A + i), S.Load(r.B + i), S.Load(r.C + i), p, q), r.Y + i);
        for (; i < r.Count; i++) r.Y[i] = F.Apply<float, SimdScalar>(r.A[i], r.B[i], r.C[i], r.P, r.Q);
    }
}
