using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Forms.Int8;

/// <summary>Which tile computes sums at a width.</summary>
internal static unsafe class Int8Tiles
{
    /// <summary>Rows of a tile.</summary>
    public static int Rows(VectorWidth width) => width switch
    {
        >= VectorWidth.V256 when AvxVnni.IsSupported => Int8Tile.Rows,
        >= VectorWidth.V256 when Avx2.IsSupported => 2,
        _ => 1,
    };

    /// <summary>Sums of a tile's rows and one panel of outputs.</summary>
    /// <param name="rows">Where each row begins.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="stride">From a run to the next.</param>
    /// <param name="flip">What makes signed bytes unsigned; 0 if they are.</param>
    /// <param name="sums">16 sums for each row.</param>
    /// <param name="width">How wide to compute.</param>
    public static void Run(byte** rows, Int8Weights weights, int panel, nint stride, int flip, int* sums, VectorWidth width)
    {
        sbyte* w = weights.Panel(panel);
        if (width >= VectorWidth.V256 && AvxVnni.IsSupported) Int8Tile.Vnni(rows, weights.Runs, weights.RunBytes, stride, w, flip, sums);
        else if (width >= VectorWidth.V256 && Avx2.IsSupported) Int8Tile.Avx2Pair(rows, weights.Runs, weights.RunBytes, stride, w, flip, sums);
        else if (width >= VectorWidth.V128) Int8Tile.Row128(rows[0], weights.Runs, weights.RunBytes, stride, w, flip, sums);
        else Int8Tile.RowScalar(rows[0], weights.Runs, weights.RunBytes, stride, w, flip, sums);
    }
}
