using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX Dropout: inputs data, optional ratio and training_mode. Without training_mode it hands its data on; output 1, if named, is the
/// mask of what is kept. Its random numbers are not defined by ONNX: with training_mode true only a ratio of 0 can be run.
/// </summary>
public sealed class Dropout(Attributes attributes) : Operator("Dropout", attributes, (1, 3), "seed")
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => [inputs.Types[0], new TensorType(ElementType.Bool, inputs.Shape(0))];
}
