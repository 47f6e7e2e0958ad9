using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>
/// Which tile computes at a width: eight pixels where there are 32 registers, four where there are 16.
/// </summary>
internal static unsafe class Tiles
{
    /// <summary>Pixels in a tile.</summary>
    public static int Pixels(VectorWidth width) =>
        width == VectorWidth.V512 ? Tile8<Vector512<float>, Simd512>.Pixels : Tile4<float, SimdScalar>.Pixels;

    /// <summary>Computes a tile of so many vectors of output channels.</summary>
    public static delegate* <ref TileArguments, int, void> For(VectorWidth width) =>
        width == VectorWidth.V512 ? &Tile8<Vector512<float>, Simd512>.Run : Small(width);

    /// <summary>Computes a tile of four pixels.</summary>
    public static delegate* <ref TileArguments, int, void> Small(VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 => &Tile4<Vector512<float>, Simd512>.Run,
            VectorWidth.V256 => &Tile4<Vector256<float>, Simd256>.Run,
            VectorWidth.V128 => &Tile4<Vector128<float>, Simd128>.Run,
            _ => &Tile4<float, SimdScalar>.Run,
        };

    /// <summary>Pixels in a sliding tile, at any width.</summary>
    public const int SlidingPixels = 8;

    /// <summary>Computes a sliding tile.</summary>
    public static delegate* <ref TileArguments, int, void> Sliding(VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 => &SlidingTile<Vector512<float>, Simd512>.Run,
            VectorWidth.V256 => &SlidingTile<Vector256<float>, Simd256>.Run,
            VectorWidth.V128 => &SlidingTile<Vector128<float>, Simd128>.Run,
            _ => &SlidingTile<float, SimdScalar>.Run,
        };

    /// <summary><see cref="StationaryProduct{P}.Run"/>; only for vectors of 512 bits.</summary>
    public static delegate* <float*, nint, int, float*, nint, int, float*, nint, void> Stationary(bool pairs) =>
        pairs ? &StationaryProduct<TwoSteps>.Run : &StationaryProduct<OneStep>.Run;

    /// <summary>The most floats of scratch that a tile needs.</summary>
    public const int Scratch = 8 * 3 * (int)VectorWidth.V512;
}

/// <summary>
/// What a tile of outputs is computed from: for pixel p and output channel o, the sum over segments s and k &lt; Run of
/// Input[InputAt[p] + Segments[s] + k] · Filters[(s·Run + k)·width + o], plus bias and residual, clamped to
/// Low..High.
/// A segment is a contiguous part of the input: for a convolution over channels-last images, one row of the
/// window.
/// </summary>
internal unsafe struct TileArguments
{
    /// <summary>The input; what a tile reads need not be aligned.</summary>
    public float* Input;

    /// <summary>For each pixel of the tile, where its window begins in the input.</summary>
    public int* InputAt;

    /// <summary>Where each segment begins, from the window's beginning on.</summary>
    public int* Segments;

    /// <summary>How many segments there are.</summary>
    public int SegmentCount;

    /// <summary>Numbers in a segment.</summary>
    public int Run;

    /// <summary>From a pixel of the input to the next; only sliding tiles look at it.</summary>
    public int Step;

    /// <summary>The filters of this block of output channels, as <see cref="PackedFilters"/> lays them.</summary>
    public float* Filters;

    /// <summary>One number for each output channel of the block, padded with zeros.</summary>
    public float* Bias;

    /// <summary>What is added to the outputs; null for nothing.</summary>
    public float* Residual;

    /// <summary>For each pixel of the tile, where its numbers begin in the residual.</summary>
    public int* ResidualAt;

    /// <summary>The output.</summary>
    public float* Output;

    /// <summary>For each pixel of the tile, where its numbers begin in the output.</summary>
    public int* OutputAt;

    /// <summary>How many output channels of the block there are; those beyond are not written.</summary>
    public int Channels;

    /// <summary>The least output; smaller ones become it.</summary>
    public float Low;

    /// <summary>The greatest output; larger ones become it.</summary>
    public float High;

    /// <summary>Room for the sums of a tile.</summary>
    public float* Scratch;

    /// <summary>
    /// Whether a tile's sums can be written as they are: no residual, and all channels of the block are there.
    /// </summary>
    public readonly bool IsPlain(int channels) => Residual == null && Channels >= channels;
}

/// <summary>Ends a tile that has a residual, or fewer output channels than its vectors hold.</summary>
internal static unsafe class TileEnd<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>Adds the residual to the sums in the scratch, clamps and writes them.</summary>
    public static void Write(ref TileArguments t, int pixels, int vectors)
    {
        V low = S.Broadcast(t.Low),
            high = S.Broadcast(t.High);
        float* sums = t.Scratch;
        for (int p = 0; p < pixels; p++)
        for (int v = 0; v < vectors; v++, sums += S.Count)
        {
            int channel = v * S.Count,
                left = t.Channels - channel;
            float* to = t.Output + t.OutputAt[p] + channel;
            float* residual = t.Residual == null ? null : t.Residual + t.ResidualAt[p] + channel;
            if (left >= S.Count)
                S.Store(
                    S.Min(high, S.Max(low, residual == null ? S.Load(sums) : S.Add(S.Load(sums), S.Load(residual)))),
                    to
                );
            else
                Some(ref t, sums, residual, to, left);
        }
    }

    private static void Some(ref TileArguments t, float* sums, float* residual, float* to, int count)
    {
        for (int i = 0; i < count; i++)
            to[i] = SimdScalar.Min(t.High, SimdScalar.Max(t.Low, residual == null ? sums[i] : sums[i] + residual[i]));
    }
}
