using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense.Winograd;

/// <summary>
/// 3×3 filters brought to the 6×6 domain of F(4×4, 3×3): U = G g Gᵀ (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural
/// Networks", equation 8), packed for each of the 36 products.
/// </summary>
internal sealed class WinogradFilters
{
    /// <summary>Products of the domain: 6×6.</summary>
    public const int Products = 36;

    private static readonly double[,] G =
    {
        { 1 / 4d, 0, 0 }, { -1 / 6d, -1 / 6d, -1 / 6d }, { -1 / 6d, 1 / 6d, -1 / 6d },
        { 1 / 24d, 1 / 12d, 1 / 6d }, { 1 / 24d, -1 / 12d, 1 / 6d }, { 0, 0, 1 },
    };

    /// <summary>Transforms and packs filters of shape (M, C, 3, 3).</summary>
    public WinogradFilters(Tensor weight, ReadOnlySpan<float> bias, VectorWidth width)
    {
        (Outputs, Channels) = (weight.Shape[0], weight.Shape[1]);
        float[] all = Transform(weight.Array<float>(), Outputs * Channels);
        int filters = Outputs * Channels;
        Filters = [.. Enumerable.Range(0, Products).Select(f => new PackedFilters(Outputs, Channels, (int)width, all.AsSpan(f * filters, filters)))];
        Bias = new Pinned<float>(Outputs);
        bias.CopyTo(Bias.Span);
        Zeros = new Pinned<float>(4 * (int)width);
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Input channels.</summary>
    public int Channels { get; }

    /// <summary>The filters of each product.</summary>
    public PackedFilters[] Filters { get; }

    /// <summary>The bias of each output channel.</summary>
    public Pinned<float> Bias { get; }

    /// <summary>What products begin with, because the bias comes after the transform.</summary>
    public Pinned<float> Zeros { get; }

    /// <summary>All filters' numbers for product 0, then for product 1, and so on.</summary>
    private static float[] Transform(ReadOnlySpan<float> weight, int filters)
    {
        var all = new float[checked(Products * filters)];
        Span<double> half = stackalloc double[18];
        for (int f = 0; f < filters; f++)
        {
            ReadOnlySpan<float> g = weight.Slice(f * 9, 9);
            for (int i = 0; i < 6; i++)
                for (int x = 0; x < 3; x++) half[i * 3 + x] = G[i, 0] * g[x] + G[i, 1] * g[3 + x] + G[i, 2] * g[6 + x];
            for (int p = 0; p < Products; p++)
            {
                int i = p / 6 * 3, j = p % 6;
                all[p * filters + f] = (float)(half[i] * G[j, 0] + half[i + 1] * G[j, 1] + half[i + 2] * G[j, 2]);
            }
        }
        return all;
    }
}
