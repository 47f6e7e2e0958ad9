namespace Decant.Core.Operators;

/// <summary>ONNX ReduceMax: the greatest; NaN wins, over axes.</summary>
public sealed class ReduceMax(Attributes attributes) : Reduction("ReduceMax", attributes);
