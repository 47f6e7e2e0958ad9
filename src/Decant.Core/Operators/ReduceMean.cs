namespace Decant.Core.Operators;

/// <summary>ONNX ReduceMean: the mean, over axes.</summary>
public sealed class ReduceMean(Attributes attributes) : Reduction("ReduceMean", attributes);
