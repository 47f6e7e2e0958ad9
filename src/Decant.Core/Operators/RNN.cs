namespace Decant.Core.Operators;

/// <summary>ONNX RNN: h = f(W·x + R·h + b).</summary>
public sealed class RNN(Attributes attributes) : Recurrent("RNN", attributes, 6, gates: 1, ["Tanh"]);
