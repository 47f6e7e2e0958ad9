namespace Decant.Runtime;

/// <summary>How wide the vectors are that a kernel computes with: what the machine has, or less where a test asks for it. Each is the number of floats in a vector.</summary>
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
