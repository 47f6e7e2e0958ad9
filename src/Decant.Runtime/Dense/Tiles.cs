using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>Which tile computes at a width: eight pixels where there are 32 registers, four where there are 16.</summary>
internal static unsafe class Tiles
{
    /// <summary>Pixels in a tile.</summary>
    public static int Pixels(VectorWidth width) => width == VectorWidth.V512 ? Tile8<Vector512<float>, Simd512>.Pixels : Tile4<float, SimdScalar>.Pixels;

    /// <summary>Computes a tile of so many vectors of output channels.</summary>
    public static delegate*<ref TileArguments, int, void> For(VectorWidth width) =>
        width == VectorWidth.V512 ? &Tile8<Vector512<float>, Simd512>.Run : Small(width);

    /// <summary>Computes a tile of four pixels.</summary>
    public static delegate*<ref TileArguments, int, void> Small(VectorWidth width) => width switch
    {
        VectorWidth.V512 => &Tile4<Vector512<float>, Simd512>.Run,
        VectorWidth.V256 => &Tile4<Vector256<float>, Simd256>.Run,
        VectorWidth.V128 => &Tile4<Vector128<float>, Simd128>.Run,
        _ => &Tile4<float, SimdScalar>.Run,
    };

    /// <summary>Pixels in a sliding tile, at any width.</summary>
    public const int SlidingPixels = 8;

    /// <summary>Computes a sliding tile; with pairs, of half a vector of output channels, at 256 bits or more.</summary>
    public static delegate*<ref TileArguments, int, void> Sliding(VectorWidth width, bool pairs) => (width, pairs) switch
    {
        (VectorWidth.V512, true) => &SlidingTile<Vector512<float>, Simd512, TwoSteps<Vector512<float>, Simd512, Vector256<float>, Simd256>>.Run,
        (VectorWidth.V256, true) => &SlidingTile<Vector256<float>, Simd256, TwoSteps<Vector256<float>, Simd256, Vector128<float>, Simd128>>.Run,
        (VectorWidth.V512, false) => &SlidingTile<Vector512<float>, Simd512, OneStep<Vector512<float>, Simd512>>.Run,
        (VectorWidth.V256, false) => &SlidingTile<Vector256<float>, Simd256, OneStep<Vector256<float>, Simd256>>.Run,
        (VectorWidth.V128, false) => &SlidingTile<Vector128<float>, Simd128, OneStep<Vector128<float>, Simd128>>.Run,
        _ => &SlidingTile<float, SimdScalar, OneStep<float, SimdScalar>>.Run,
    };

    /// <summary>The most floats of scratch that a tile needs.</summary>
    public const int Scratch = 8 * 3 * (int)VectorWidth.V512;
}
