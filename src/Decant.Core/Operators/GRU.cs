namespace Decant.Core.Operators;

/// <summary>ONNX GRU (Cho et al. 2014), gates z, r, h: h' = (1 − z)·ĥ + z·h.</summary>
public sealed class GRU(Attributes attributes) : Recurrent("GRU", attributes, 6, gates: 3, ["Sigmoid", "Tanh"], "linear_before_reset")
{
    /// <summary>Whether the reset gate applies to R·h + b (as cuDNN and PyTorch have it) rather than to h.</summary>
    public bool LinearBeforeReset { get; } = attributes.Flag("linear_before_reset");
}
