using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Vectors;

/// <summary>Which widths this processor has.</summary>
internal static class VectorWidths
{
    /// <summary>The widest that is computed in hardware, fused multiply-add included.</summary>
    public static VectorWidth Best { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? VectorWidth.V512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? VectorWidth.V256
        : Vector128.IsHardwareAccelerated ? VectorWidth.V128
        : VectorWidth.Scalar;

    /// <summary>All that this processor computes in hardware, the narrowest first.</summary>
    public static IEnumerable<VectorWidth> Here => Enum.GetValues<VectorWidth>().Where(w => w <= Best);
}
