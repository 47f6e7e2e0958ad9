using Decant.Runtime.Memory;

namespace Decant.Runtime.CompressedKernels.Int8.Winograd;

/// <summary>
/// Codes of 3×3 filters in the 4×4 domain of F(2×2, 3×3), in whole numbers: U = (2G) g (2G)ᵀ, four times that of
/// Lavin and Gray 2016, so that nothing is rounded. Pairs of channels lie side by side for each output.
/// </summary>
internal sealed unsafe class Int8WinogradFilters
{
    /// <summary>Products of the domain: 4×4.</summary>
    public const int Products = 16;

    /// <summary>The most channels of which no sum, four times taken, leaves 32 bits.</summary>
    public const int MaxChannels = int.MaxValue / (4 * 9 * 255 * 128);

    private readonly Pinned<short> data;

    /// <summary>Transforms codes of shape (M, C, 3, 3); M is a multiple of the lanes, C is even.</summary>
    public Int8WinogradFilters(QuantizedWeight weight, int lanes)
    {
        (Outputs, Channels, Lanes) = (weight.Shape[0], weight.Shape[1], lanes);
        data = new Pinned<short>(checked(Products * Outputs * Channels));
        Span<int> product = stackalloc int[Products];
        for (int o = 0; o < Outputs; o++)
        for (int c = 0; c < Channels; c++)
        {
            Transform(weight.Codes.AsSpan((o * Channels + c) * 9, 9), product);
            for (int p = 0; p < Products; p++)
                *At(p, o, c) = (short)product[p];
        }
    }

    public int Outputs { get; }

    public int Channels { get; }

    /// <summary>Outputs of a vector.</summary>
    public int Lanes { get; }

    /// <summary>The weights of a product for the outputs from one on, which begins a block of vectors.</summary>
    public short* Of(int product, int output) => data.Address + ((nint)product * Outputs + output) * Channels;

    /// <summary>How many vectors the block has that begins at an output.</summary>
    public int Vectors(int output) => Outputs - output >= 2 * Lanes ? 2 : 1;

    private short* At(int product, int output, int channel)
    {
        int block = output / (2 * Lanes) * 2 * Lanes,
            wide = Vectors(block) * Lanes;
        return Of(product, block) + (channel / 2 * wide + output - block) * 2 + channel % 2;
    }

    private static void Transform(ReadOnlySpan<sbyte> g, Span<int> to)
    {
        Span<int> half = stackalloc int[12];
        for (int x = 0; x < 3; x++)
            Line(g[x], g[3 + x], g[6 + x], half[x..], 3);
        for (int i = 0; i < 4; i++)
            Line(half[i * 3], half[i * 3 + 1], half[i * 3 + 2], to[(i * 4)..], 1);
    }

    private static void Line(int a, int b, int c, Span<int> to, int step) =>
        (to[0], to[step], to[2 * step], to[3 * step]) = (2 * a, a + b + c, a - b + c, 2 * c);
}
