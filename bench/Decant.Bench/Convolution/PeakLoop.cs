using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Runtime;
using Decant.Runtime.Vectors;

namespace Decant.Bench;

/// <summary>
/// Nothing but fused multiply-adds on registers, in twelve chains: what the processor can do at most.
/// </summary>
internal sealed class PeakLoop
{
    private const int Steps = 400_000,
        Chains = 12;

    /// <summary>What it did, so that nothing is left out.</summary>
    public float Sum { get; private set; }

    /// <summary>Measures once.</summary>
    public double Gigaflops() =>
        VectorWidths.Best switch
        {
            VectorWidth.V512 => Measure<Vector512<float>, Simd512>(),
            VectorWidth.V256 => Measure<Vector256<float>, Simd256>(),
            _ => Measure<Vector128<float>, Simd128>(),
        };

    private double Measure<V, S>()
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        long start = Stopwatch.GetTimestamp();
        Sum += Loop<V, S>();
        return 2.0 * Steps * Chains * S.Count / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop<V, S>()
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        V x = S.Broadcast(1e-6f),
            y = S.Broadcast(0.5f);
        V a = S.Zero,
            b = a,
            c = a,
            d = a,
            e = a,
            f = a,
            g = a,
            h = a,
            i = a,
            j = a,
            k = a,
            l = a;
        for (int step = 0; step < Steps; step++)
        {
            (a, b, c, d) = (
                S.MultiplyAdd(x, y, a),
                S.MultiplyAdd(x, y, b),
                S.MultiplyAdd(x, y, c),
                S.MultiplyAdd(x, y, d)
            );
            (e, f, g, h) = (
                S.MultiplyAdd(x, y, e),
                S.MultiplyAdd(x, y, f),
                S.MultiplyAdd(x, y, g),
                S.MultiplyAdd(x, y, h)
            );
            (i, j, k, l) = (
                S.MultiplyAdd(x, y, i),
                S.MultiplyAdd(x, y, j),
                S.MultiplyAdd(x, y, k),
                S.MultiplyAdd(x, y, l)
            );
        }
        return S.Sum(
            S.Add(
                S.Add(S.Add(a, b), S.Add(c, d)),
                S.Add(S.Add(S.Add(e, f), S.Add(g, h)), S.Add(S.Add(i, j), S.Add(k, l)))
            )
        );
    }
}
