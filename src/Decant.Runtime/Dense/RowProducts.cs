using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>The row product of a width.</summary>
internal static unsafe class RowProducts
{
    /// <summary><see cref="RowProduct{V, S}.Run"/>.</summary>
    public static delegate*<float*, nint, float*, float*, float*, int, void> For(VectorWidth width) => width switch
    {
        VectorWidth.V512 => &RowProduct<Vector512<float>, Simd512>.Run,
        VectorWidth.V256 => &RowProduct<Vector256<float>, Simd256>.Run,
        VectorWidth.V128 => &RowProduct<Vector128<float>, Simd128>.Run,
        _ => &RowProduct<float, SimdScalar>.Run,
    };
}
