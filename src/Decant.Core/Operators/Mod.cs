using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Mod: the remainder of x/y, broadcast both ways; with the sign of y, or with that of x if fmod is 1.</summary>
public sealed class Mod(Attributes attributes) : Operator("Mod", attributes, (2, 2), "fmod")
{
    /// <summary>Whether the remainder has the dividend's sign; floating-point types need it.</summary>
    public bool Truncated { get; } = attributes.Flag("fmod");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Binary(inputs);
}
