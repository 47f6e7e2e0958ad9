using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX QLinearConv: a convolution of 8-bit tensors, quantized again. Inputs x, its scale and zero point, w, its scale and zero point
/// (one or one an output channel), the result's scale and zero point, optional B in int32 at the scale x_scale·w_scale.
/// </summary>
public sealed class QLinearConv(Attributes attributes) : Operator("QLinearConv", attributes, (8, 9),
    "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <summary>The convolution of what is left after the zero points.</summary>
    public Conv Convolution { get; } = new(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(inputs.Type(7), Convolution.Infer(Factors(inputs))[0]?.Shape);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => Convolution.Macs(Factors(inputs));

    private static OperatorInputs Factors(OperatorInputs inputs) => new([inputs.Types[0], inputs.Types[3]], [null, null]);
}
