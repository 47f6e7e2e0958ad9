using System.Runtime.Intrinsics;

namespace Decant.Runtime;

/// <summary>How wide the vectors are that a kernel computes with: what the machine has, or less where a test asks for it.</summary>
internal enum VectorWidth
{
    /// <summary>One number at a time.</summary>
    Scalar,

    /// <summary>128 bits: SSE, or Arm's AdvSimd.</summary>
    V128,

    /// <summary>256 bits: AVX2.</summary>
    V256,

    /// <summary>512 bits: AVX-512.</summary>
    V512,
}

/// <summary>What this machine has of <see cref="VectorWidth"/>.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vectors that are fast here.</summary>
    public static VectorWidth Best { get; } =
        Vector512.IsHardwareAccelerated ? VectorWidth.V512 :
        Vector256.IsHardwareAccelerated ? VectorWidth.V256 :
        Vector128.IsHardwareAccelerated ? VectorWidth.V128 : VectorWidth.Scalar;

    /// <summary>Every width up to the best, the narrowest first.</summary>
    public static IEnumerable<VectorWidth> All => Enum.GetValues<VectorWidth>().Where(w => w <= Best);
}
