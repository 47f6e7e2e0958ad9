using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Forms.Int8.Winograd;

/// <summary>The tiles of a width.</summary>
internal readonly unsafe struct PairMethods
{
    private PairMethods(int rows, int lanes, delegate*<short*, nint, nint, short*, int*, nint, void> one, delegate*<short*, nint, nint, short*, int*, nint, void> two)
    {
        (Rows, Lanes) = (rows, lanes);
        One = one;
        Two = two;
    }

    /// <summary>Rows of a tile.</summary>
    public int Rows { get; }

    /// <summary>Outputs of a vector.</summary>
    public int Lanes { get; }

    /// <summary>A tile of one vector of outputs.</summary>
    public delegate*<short*, nint, nint, short*, int*, nint, void> One { get; }

    /// <summary>A tile of two.</summary>
    public delegate*<short*, nint, nint, short*, int*, nint, void> Two { get; }

    /// <summary>Whether there are tiles of this width here.</summary>
    public static bool Has(VectorWidth width) => width >= VectorWidth.V256 && Avx2.IsSupported;

    /// <summary>The tiles of a width.</summary>
    public static PairMethods For(VectorWidth width) => width == VectorWidth.V512 && Avx512BW.IsSupported
        ? new(PairTile8<Vector512<int>, Pairs512>.Rows, Pairs512.Count, &PairTile8<Vector512<int>, Pairs512>.One, &PairTile8<Vector512<int>, Pairs512>.Two)
        : new(PairTile4<Vector256<int>, Pairs256>.Rows, Pairs256.Count, &PairTile4<Vector256<int>, Pairs256>.One, &PairTile4<Vector256<int>, Pairs256>.Two);
}
