namespace Decant.Core.Operators;

/// <summary>ONNX ReduceL1: the sum of |x|, over axes.</summary>
public sealed class ReduceL1(Attributes attributes) : Reduction("ReduceL1", attributes);
