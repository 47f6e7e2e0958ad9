namespace Decant.Core.Operators;

/// <summary>ONNX ReduceProd: the product, over axes.</summary>
public sealed class ReduceProd(Attributes attributes) : Reduction("ReduceProd", attributes);
