using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>The cells of a width.</summary>
internal static unsafe class RecurrentCells
{
    /// <summary>What computes a step; for a GRU, its end.</summary>
    public static delegate*<ref CellArguments, void> For(Operators.Recurrent op, VectorWidth width) => width switch
    {
        VectorWidth.V512 => For<Vector512<float>, Simd512>(op),
        VectorWidth.V256 => For<Vector256<float>, Simd256>(op),
        VectorWidth.V128 => For<Vector128<float>, Simd128>(op),
        _ => For<float, SimdScalar>(op),
    };

    /// <summary>What computes the first gates of a GRU's step.</summary>
    public static delegate*<ref CellArguments, void> Reset(VectorWidth width) => width switch
    {
        VectorWidth.V512 => &RecurrentCell<Vector512<float>, Simd512>.GruReset,
        VectorWidth.V256 => &RecurrentCell<Vector256<float>, Simd256>.GruReset,
        VectorWidth.V128 => &RecurrentCell<Vector128<float>, Simd128>.GruReset,
        _ => &RecurrentCell<float, SimdScalar>.GruReset,
    };

    private static delegate*<ref CellArguments, void> For<V, S>(Operators.Recurrent op) where V : unmanaged where S : struct, ISimd<V> => op switch
    {
        Operators.LSTM => &RecurrentCell<V, S>.Lstm,
        Operators.GRU => &RecurrentCell<V, S>.GruFinish,
        _ => &RecurrentCell<V, S>.Rnn,
    };
}
