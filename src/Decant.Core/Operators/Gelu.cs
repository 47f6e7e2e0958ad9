using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Gelu: x·Φ(x), exactly or by its tanh approximation (Hendrycks, Gimpel 2016).</summary>
public sealed class Gelu(Attributes attributes) : Operator("Gelu", attributes, (1, 1), "approximate")
{
    /// <summary>Whether x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))) stands for x·Φ(x).</summary>
    public bool ByTanh { get; } = attributes.Text("approximate", "none") switch
    {
        "none" => false,
        "tanh" => true,
        var other => throw new ModelException($"attribute 'approximate' is '{other}'; possible are none, tanh"),
    };

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
