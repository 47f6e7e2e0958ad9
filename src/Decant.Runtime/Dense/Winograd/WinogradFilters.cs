using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense.Winograd;

/// <summary>
/// 3×3 filters brought to the 6×6 domain of F(4×4, 3×3): U = G g Gᵀ (Lavin and Gray 2016, "Fast Algorithms for
/// Convolutional Neural Networks", equation 8), packed in blocks for each of the 36 products.
/// </summary>
internal sealed unsafe class WinogradFilters
{
    /// <summary>Products of the domain: 6×6.</summary>
    public const int Products = 36;

    /// <summary>Transforms and packs filters.</summary>
    /// <param name="weight">Of shape (M, C, 3, 3).</param>
    /// <param name="bias">One number for each output channel, or none.</param>
    /// <param name="width">M is a multiple of it.</param>
    /// <param name="pairs">Whether sums take two steps at once, in vectors of twice the width (<see cref="TwoSteps"/>):
    /// M is the width, and C even.</param>
    public WinogradFilters(Tensor weight, ReadOnlySpan<float> bias, VectorWidth width, bool pairs)
    {
        (Outputs, Channels) = (weight.Shape[0], weight.Shape[1]);
        Blocks = FilterBlock.Cut(Outputs, (int)width, FilterBlock.ForTiles);
        Data = new Pinned<float>(checked(Products * Outputs * Channels), zeroed: false);
        fixed (float* w = weight.Array<float>())
            foreach (FilterBlock block in Blocks)
                Fill(block, w, (int)width, WinogradMethods.For(width));
        Bias = new Pinned<float>(Outputs);
        bias.CopyTo(Bias.Span);
        Zeros = new Pinned<float>(4 * (int)width);
        Paired = pairs;
        if (pairs)
            for (int p = 0; p < Products; p++)
                Pair(new Span<float>(Of(p, Blocks[0]), Outputs * Channels));
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
    public float* Of(int product, FilterBlock block) =>
        Data.Address + ((nint)product * Outputs + block.Channel) * Channels;

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
                for (int t = 0; t < 9; t++)
                    taps[t * width + lane] = g[t];
            }
            methods.Filter(taps, Of(0, block) + (c * block.Vectors + v) * width, (nint)Outputs * Channels);
        }
    }
}

/// <summary>The transforms at one width.</summary>
internal readonly unsafe struct WinogradMethods
{
    private WinogradMethods(
        delegate* <float*, nint, nint, float*, nint, float*, void> input,
        delegate* <float*, nint, float*, float*, void> output,
        delegate* <float*, ref WinogradPlace, int, int, void> write,
        delegate* <float*, float*, nint, void> filter
    )
    {
        Input = input;
        Output = output;
        Write = write;
        Filter = filter;
    }

    /// <summary><see cref="WinogradTransform{V, S}.Input"/>.</summary>
    public delegate* <float*, nint, nint, float*, nint, float*, void> Input { get; }

    /// <summary><see cref="WinogradTransform{V, S}.Output"/>.</summary>
    public delegate* <float*, nint, float*, float*, void> Output { get; }

    /// <summary><see cref="WinogradEnd{V, S}.Write"/>.</summary>
    public delegate* <float*, ref WinogradPlace, int, int, void> Write { get; }

    /// <summary><see cref="WinogradTransform{V, S}.Filter"/>.</summary>
    public delegate* <float*, float*, nint, void> Filter { get; }

    /// <summary>The methods of a width.</summary>
    public static WinogradMethods For(VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 => Of<Vector512<float>, Simd512>(),
            VectorWidth.V256 => Of<Vector256<float>, Simd256>(),
            VectorWidth.V128 => Of<Vector128<float>, Simd128>(),
            _ => Of<float, SimdScalar>(),
        };

    private static WinogradMethods Of<V, S>()
        where V : unmanaged
        where S : struct, ISimd<V> =>
        new(
            &WinogradTransform<V, S>.Input,
            &WinogradTransform<V, S>.Output,
            &WinogradEnd<V, S>.Write,
            &WinogradTransform<V, S>.Filter
        );
}
