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

    /// <summary>Computes a sliding tile.</summary>
    public static delegate*<ref TileArguments, int, void> Sliding(VectorWidth width) => width switch
    {
        VectorWidth.V512 => &SlidingTile<Vector512<float>, Simd512>.Run,
        VectorWidth.V256 => &SlidingTile<Vector256<float>, Simd256>.Run,
        VectorWidth.V128 => &SlidingTile<Vector128<float>, Simd128>.Run,
        _ => &SlidingTile<float, SimdScalar>.Run,
    };

    /// <summary><see cref="StationaryProduct{P}.Run"/>; only for vectors of 512 bits.</summary>
    public static delegate*<float*, nint, int, float*, nint, int, float*, nint, void> Stationary(bool pairs) => pairs
        ? &StationaryProduct<TwoSteps>.Run
        : &StationaryProduct<OneStep>.Run;

    /// <summary>The most floats of scratch that a tile needs.</summary>
    public const int Scratch = 8 * 3 * (int)VectorWidth.V512;
}
