using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense.Winograd;

/// <summary>Writes 4×4 pixels of one vector of channels: bias and residual are added, then the sums are clamped.</summary>
internal static unsafe class WinogradEnd<V, S> where V : unmanaged where S : struct, ISimd<V>
{
    /// <param name="sums">16 vectors, row by row.</param>
    /// <param name="end">What is added, and where it goes.</param>
    /// <param name="rows">Rows of the tile that are inside the image.</param>
    /// <param name="columns">Columns of the tile that are inside the image.</param>
    public static void Write(float* sums, ref WinogradPlace end, int rows, int columns)
    {
        V bias = S.Load(end.Bias), low = S.Broadcast(end.Low), high = S.Broadcast(end.High);
        float* to = end.Output, residual = end.Residual;
        for (int y = 0; y < rows; y++, sums += 4 * S.Count, to += end.OutputRow)
        {
            for (int x = 0; x < columns; x++)
            {
                V sum = S.Add(S.Load(sums + x * S.Count), bias);
                if (residual != null) sum = S.Add(sum, S.Load(residual + x * end.ResidualPixel));
                S.Store(S.Min(high, S.Max(low, sum)), to + x * end.OutputPixel);
            }
            if (residual != null) residual += end.ResidualRow;
        }
    }
}
