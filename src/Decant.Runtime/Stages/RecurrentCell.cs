using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>One step of one sequence in LSTM, GRU and RNN, once the products with the state are in the gates.</summary>
internal static unsafe class RecurrentCell<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>
    /// Gates i, o, f, c: c' = f·c + i·ĉ, h' = o·tanh(c'). Peepholes add P·c to i and f, P·c' to o.
    /// </summary>
    public static void Lstm(ref CellArguments a)
    {
        float* input = a.Gates,
            output = input + a.Wide,
            forget = output + a.Wide,
            candidate = forget + a.Wide;
        V high = S.Broadcast(a.Clip),
            low = S.Broadcast(-a.Clip);
        for (int k = 0; k < a.Wide; k += S.Count)
        {
            V cell = S.Load(a.Cell + k),
                i = S.Load(input + k),
                f = S.Load(forget + k),
                o = S.Load(output + k);
            if (a.Own != null)
            {
                i = S.MultiplyAdd(S.Load(a.Own + k), cell, i);
                f = S.MultiplyAdd(S.Load(a.Own + 2 * a.Wide + k), cell, f);
            }
            i = Apply(a.F, Clipped(i, low, high));
            f = a.Variant ? S.Subtract(S.Broadcast(1), i) : Apply(a.F, Clipped(f, low, high));
            cell = S.MultiplyAdd(f, cell, S.Multiply(i, Apply(a.G, Clipped(S.Load(candidate + k), low, high))));
            if (a.Own != null)
                o = S.MultiplyAdd(S.Load(a.Own + a.Wide + k), cell, o);
            S.Store(cell, a.Cell + k);
            S.Store(S.Multiply(Apply(a.F, Clipped(o, low, high)), Apply(a.H, cell)), a.Hidden + k);
        }
    }

    /// <summary>Gates z, r: computed in place, and what the last gate's product is taken of or adds.</summary>
    public static void GruReset(ref CellArguments a)
    {
        V high = S.Broadcast(a.Clip),
            low = S.Broadcast(-a.Clip);
        for (int k = 0; k < a.Wide; k += S.Count)
        {
            V z = Apply(a.F, Clipped(S.Load(a.Gates + k), low, high)),
                r = Apply(a.F, Clipped(S.Load(a.Gates + a.Wide + k), low, high));
            S.Store(z, a.Gates + k);
            if (a.Variant)
                S.Store(
                    S.MultiplyAdd(r, S.Load(a.Gates + 2 * a.Wide + k), S.Load(a.Input + 2 * a.Wide + k)),
                    a.Gates + 2 * a.Wide + k
                );
            else
                S.Store(S.Multiply(r, S.Load(a.Hidden + k)), a.Cell + k);
        }
    }

    /// <summary>h' = (1 − z)·ĥ + z·h.</summary>
    public static void GruFinish(ref CellArguments a)
    {
        V high = S.Broadcast(a.Clip),
            low = S.Broadcast(-a.Clip);
        for (int k = 0; k < a.Wide; k += S.Count)
        {
            V z = S.Load(a.Gates + k),
                next = Apply(a.G, Clipped(S.Load(a.Gates + 2 * a.Wide + k), low, high));
            S.Store(S.MultiplyAdd(z, S.Subtract(S.Load(a.Hidden + k), next), next), a.Hidden + k);
        }
    }

    /// <summary>h' = f(gate).</summary>
    public static void Rnn(ref CellArguments a)
    {
        V high = S.Broadcast(a.Clip),
            low = S.Broadcast(-a.Clip);
        for (int k = 0; k < a.Wide; k += S.Count)
            S.Store(Apply(a.F, Clipped(S.Load(a.Gates + k), low, high)), a.Hidden + k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clipped(V x, V low, V high) => S.Min(high, S.Max(low, x));

    private static V Apply(Activation function, V x) =>
        function switch
        {
            Activation.Sigmoid => SimdFunctions.Sigmoid<V, S>(x),
            Activation.Tanh => SimdFunctions.Tanh<V, S>(x),
            _ => S.Max(S.Zero, x),
        };
}

/// <summary>The cells of a width.</summary>
internal static unsafe class RecurrentCells
{
    /// <summary>What computes a step; for a GRU, its end.</summary>
    public static delegate* <ref CellArguments, void> For(Operators.RecurrentOperator op, VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 => For<Vector512<float>, Simd512>(op),
            VectorWidth.V256 => For<Vector256<float>, Simd256>(op),
            VectorWidth.V128 => For<Vector128<float>, Simd128>(op),
            _ => For<float, SimdScalar>(op),
        };

    /// <summary>What computes the first gates of a GRU's step.</summary>
    public static delegate* <ref CellArguments, void> Reset(VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 => &RecurrentCell<Vector512<float>, Simd512>.GruReset,
            VectorWidth.V256 => &RecurrentCell<Vector256<float>, Simd256>.GruReset,
            VectorWidth.V128 => &RecurrentCell<Vector128<float>, Simd128>.GruReset,
            _ => &RecurrentCell<float, SimdScalar>.GruReset,
        };

    private static delegate* <ref CellArguments, void> For<V, S>(Operators.RecurrentOperator op)
        where V : unmanaged
        where S : struct, ISimd<V> =>
        op switch
        {
            Operators.LSTM => &RecurrentCell<V, S>.Lstm,
            Operators.GRU => &RecurrentCell<V, S>.GruFinish,
            _ => &RecurrentCell<V, S>.Rnn,
        };
}

/// <summary>What one step of one sequence is computed from. All rows are whole vectors.</summary>
internal unsafe struct CellArguments
{
    /// <summary>The sums of the gates, each of <see cref="Wide"/> numbers.</summary>
    public float* Gates;

    /// <summary>The input's part of the gates.</summary>
    public float* Input;

    /// <summary>The hidden state, which is brought on.</summary>
    public float* Hidden;

    /// <summary>The cell's state, which is brought on; a GRU's state that was reset.</summary>
    public float* Cell;

    /// <summary>Peepholes; null for none.</summary>
    public float* Own;

    /// <summary>Numbers of a gate.</summary>
    public int Wide;

    /// <summary>What gates are clipped to.</summary>
    public float Clip;

    /// <summary>
    /// Whether an LSTM's forget gate is 1 less its input gate, or a GRU resets its part of the state and not the
    /// state.
    /// </summary>
    public bool Variant;

    /// <summary>The functions of the gates.</summary>
    public Activation F,
        G,
        H;
}
