using Decant.Runtime.Memory;

namespace Decant.Runtime.Dense.Winograd;

/// <summary>
/// 3×3 filters brought to the 6×6 domain of F(4×4, 3×3): U = G g Gᵀ (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural
/// Networks", equation 8), packed in blocks for each of the 36 products.
/// </summary>
internal sealed unsafe class WinogradFilters
{
    /// <summary>Products of the domain: 6×6.</summary>
    public const int Products = 36;

    /// <summary>Transforms and packs filters.</summary>
    /// <param name="weight">Of shape (M, C, 3, 3).</param>
    /// <param name="bias">One number for each output channel, or none.</param>
    /// <param name="width">M is a multiple of it.</param>
    /// <param name="pairs">Whether sums take two steps at once, in vectors of twice the width (<see cref="TwoSteps"/>): M is the width, and C even.</param>
    public WinogradFilters(Tensor weight, ReadOnlySpan<float> bias, VectorWidth width, bool pairs)
    {
        (Outputs, Channels) = (weight.Shape[0], weight.Shape[1]);
        Blocks = FilterBlock.Cut(Outputs, (int)width, FilterBlock.ForTiles);
        Data = new Pinned<float>(checked(Products * Outputs * Channels), zeroed: false);
        fixed (float* w = weight.Array<float>())
            foreach (FilterBlock block in Blocks) Fill(block, w, (int)width, WinogradMethods.For(width));
        Bias = new Pinned<float>(Outputs);
        bias.CopyTo(Bias.Span);
        Zeros = new Pinned<float>(4 * (int)width);
        Paired = pairs;
        if (pairs)
            for (int p = 0; p < Products; p++) Pair(new Span<float>(Of(p, Blocks[0]), Outputs * Channels));
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Input channels.</summary>
    public int Channels { get; }

    /// <summary>Whether two steps of a sum are taken at once.</summary>
    public bool Paired { get; }

    /// <summary>The blocks of output channels.</summary>
    public FilterBlock[] Blocks { get; }

    /// <summary>The filters of all products.</summary>
    public Pinned<float> Data { get; }

    /// <summary>The bias of each output channel.</summary>
    public Pinned<float> Bias { get; }

    /// <summary>What products begin with, because the bias comes after the transform.</summary>
    public Pinned<float> Zeros { get; }

    /// <summary>The filters of a product's block.</summary>
    public float* Of(int product, FilterBlock block) => Data.Address + ((nint)product * Outputs + block.Channel) * Channels;

    /// <summary>Brings neighbouring steps of each output channel side by side.</summary>
    private void Pair(Span<float> product)
    {
        float[] apart = product.ToArray();
        for (int i = 0; i < apart.Length; i++)
        {
            var (step, output) = Math.DivRem(i, Outputs);
            product[(step / 2 * Outputs + output) * 2 + step % 2] = apart[i];
        }
    }

    private void Fill(FilterBlock block, float* weight, int width, WinogradMethods methods)
    {
        float* taps = stackalloc float[9 * width];
        for (int v = 0; v < block.Vectors; v++)
            for (int c = 0; c < Channels; c++)
            {
                for (int lane = 0; lane < width; lane++)
                {
                    float* g = weight + ((nint)(block.Channel + v * width + lane) * Channels + c) * 9;
                    for (int t = 0; t < 9; t++) taps[t * width + lane] = g[t];
                }
                methods.Filter(taps, Of(0, block) + (c * block.Vectors + v) * width, (nint)Outputs * Channels);
            }
    }
}
