namespace Decant.Core.Operators;

/// <summary>ONNX ReduceLogSumExp: ln Σeˣ, over axes.</summary>
public sealed class ReduceLogSumExp(Attributes attributes) : Reduction("ReduceLogSumExp", attributes);
