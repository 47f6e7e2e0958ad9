using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime;

/// <summary>What this machine has of <see cref="VectorWidth"/>.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vectors that are computed in hardware, fused multiply-add included.</summary>
    public static VectorWidth Best { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? VectorWidth.V512 :
        Vector256.IsHardwareAccelerated && Fma.IsSupported ? VectorWidth.V256 :
        Vector128.IsHardwareAccelerated ? VectorWidth.V128 : VectorWidth.Scalar;

    /// <summary>Every width up to the best, the narrowest first.</summary>
    public static IEnumerable<VectorWidth> All => Enum.GetValues<VectorWidth>().Where(w => w <= Best);
}
