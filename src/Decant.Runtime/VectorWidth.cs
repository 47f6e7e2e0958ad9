using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime;

/// <summary>
/// How wide the vectors are that a kernel computes with: what the machine has, or less where a test asks for it. Each
/// is the number of floats in a vector.
/// </summary>
internal enum VectorWidth
{
    /// <summary>One number at a time.</summary>
    Scalar = 1,

    /// <summary>128 bits: SSE, or Arm's AdvSimd.</summary>
    V128 = 4,

    /// <summary>256 bits: AVX2.</summary>
    V256 = 8,

    /// <summary>512 bits: AVX-512.</summary>
    V512 = 16,
}

/// <summary>What this machine has of <see cref="VectorWidth"/>.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vectors that are computed in hardware, fused multiply-add included.</summary>
    public static VectorWidth Best { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? VectorWidth.V512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? VectorWidth.V256
        : Vector128.IsHardwareAccelerated ? VectorWidth.V128
        : VectorWidth.Scalar;

    /// <summary>
    /// Whether there is an instruction for dot products of bytes (VNNI): without it int8 layers take longer than the
    /// same layers in floats.
    /// </summary>
    public static bool HasByteDotProducts(VectorWidth width) => width >= VectorWidth.V256 && AvxVnni.IsSupported;

    /// <summary>Every width up to the best, the narrowest first.</summary>
    public static IEnumerable<VectorWidth> All => Enum.GetValues<VectorWidth>().Where(w => w <= Best);
}
