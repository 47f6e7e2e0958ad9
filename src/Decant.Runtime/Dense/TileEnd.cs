using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>Ends a tile that has a residual, or fewer output channels than its vectors hold.</summary>
internal static unsafe class TileEnd<V, S> where V : unmanaged where S : struct, ISimd<V>
{
    /// <summary>Adds the residual to the sums in the scratch, clamps and writes them.</summary>
    public static void Write(ref TileArguments t, int pixels, int vectors)
    {
        V low = S.Broadcast(t.Low), high = S.Broadcast(t.High);
        float* sums = t.Scratch;
        for (int p = 0; p < pixels; p++)
            for (int v = 0; v < vectors; v++, sums += S.Count)
            {
                int channel = v * S.Count, left = t.Channels - channel;
                float* to = t.Output + t.OutputAt[p] + channel;
                float* residual = t.Residual == null ? null : t.Residual + t.ResidualAt[p] + channel;
                if (left >= S.Count) S.Store(S.Min(high, S.Max(low, residual == null ? S.Load(sums) : S.Add(S.Load(sums), S.Load(residual)))), to);
                else Some(ref t, sums, residual, to, left);
            }
    }

    private static void Some(ref TileArguments t, float* sums, float* residual, float* to, int count)
    {
        for (int i = 0; i < count; i++)
            to[i] = SimdScalar.Min(t.High, SimdScalar.Max(t.Low, residual == null ? sums[i] : sums[i] + residual[i]));
    }
}
