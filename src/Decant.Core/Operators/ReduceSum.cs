namespace Decant.Core.Operators;

/// <summary>ONNX ReduceSum: the sum, over axes.</summary>
public sealed class ReduceSum(Attributes attributes) : Reduction("ReduceSum", attributes);
