namespace Decant.Core.Operators;

/// <summary>ONNX ReduceMin: the least; NaN wins, over axes.</summary>
public sealed class ReduceMin(Attributes attributes) : Reduction("ReduceMin", attributes);
