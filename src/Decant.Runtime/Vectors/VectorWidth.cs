namespace Decant.Runtime.Vectors;

/// <summary>How wide the vectors are that kernels compute with. Results agree between widths but for the order of additions.</summary>
internal enum VectorWidth
{
    /// <summary>One number at a time.</summary>
    Scalar = 1,
    /// <summary>128 bits: any x64 or Arm processor.</summary>
    V128 = 4,
    /// <summary>256 bits: AVX2.</summary>
    V256 = 8,
    /// <summary>512 bits: AVX-512.</summary>
    V512 = 16,
}
