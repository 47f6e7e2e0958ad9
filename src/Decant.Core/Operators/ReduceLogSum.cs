namespace Decant.Core.Operators;

/// <summary>ONNX ReduceLogSum: ln Σx, over axes.</summary>
public sealed class ReduceLogSum(Attributes attributes) : Reduction("ReduceLogSum", attributes);
