namespace Decant.Core.Operators;

/// <summary>ONNX ReduceL2: √Σx², over axes.</summary>
public sealed class ReduceL2(Attributes attributes) : Reduction("ReduceL2", attributes);
