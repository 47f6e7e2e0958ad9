using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX ConvInteger: <see cref="Conv"/> of 8-bit x and w less their zero points (inputs 2 and 3, optional), in int32.</summary>
public sealed class ConvInteger(Attributes attributes) : Operator("ConvInteger", attributes, (2, 4),
    "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <summary>The convolution of what is left after the zero points.</summary>
    public Conv Convolution { get; } = new(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(ElementType.Int32, Convolution.Infer(inputs)[0]?.Shape);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => Convolution.Macs(inputs);
}
