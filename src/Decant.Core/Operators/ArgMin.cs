namespace Decant.Core.Operators;

/// <summary>ONNX ArgMin: where along an axis the least number is.</summary>
public sealed class ArgMin(Attributes attributes) : ArgumentReduction("ArgMin", attributes);
