namespace Decant.Core.Operators;

/// <summary>ONNX ArgMax: where along an axis the greatest number is.</summary>
public sealed class ArgMax(Attributes attributes) : ArgumentReduction("ArgMax", attributes);
