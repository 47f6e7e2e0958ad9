using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX Cast to another element type. Integers wrap; a float becomes an integer toward zero, held within what the integer type can say
/// (ONNX leaves that open), or its low four bits for a 4-bit type, as ONNX's own cases do; all but 0 is true.
/// </summary>
public sealed class Cast(Attributes attributes) : Operator("Cast", attributes, (1, 1), "to", "saturate", "round_mode")
{
    /// <summary>The element type of the result.</summary>
    public ElementType To { get; } = ElementTypes.Checked(attributes.Int("to"));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(To, inputs.Shape(0));
}
