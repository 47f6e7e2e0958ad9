namespace Decant.Core.Operators;

/// <summary>ONNX ReduceSumSquare: Σx², over axes.</summary>
public sealed class ReduceSumSquare(Attributes attributes) : Reduction("ReduceSumSquare", attributes);
