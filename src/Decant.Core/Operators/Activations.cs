using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Celu: max(0, x) + min(0, alpha·(e^(x/alpha) − 1)) (Barron 2017).</summary>
public sealed class Celu(Attributes attributes) : Operator("Celu", attributes, (1, 1), "alpha")
{
    /// <summary>The scale of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>
/// ONNX Clip: x held between the scalars min and max, either of which may be left out; max wins where they cross.
/// </summary>
public sealed class Clip(Attributes attributes) : Operator("Clip", attributes, (1, 3))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;
}

/// <summary>ONNX Elu: x where positive, else alpha·(eˣ − 1) (Clevert et al. 2016).</summary>
public sealed class Elu(Attributes attributes) : Operator("Elu", attributes, (1, 1), "alpha")
{
    /// <summary>The factor of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Gelu: x·Φ(x), exactly or by its tanh approximation (Hendrycks, Gimpel 2016).</summary>
public sealed class Gelu(Attributes attributes) : Operator("Gelu", attributes, (1, 1), "approximate")
{
    /// <summary>Whether x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))) stands for x·Φ(x).</summary>
    public bool ByTanh { get; } =
        attributes.Text("approximate", "none") switch
        {
            "none" => false,
            "tanh" => true,
            var other => throw new ModelException($"attribute 'approximate' is '{other}'; possible are none, tanh"),
        };

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX HardSigmoid: max(0, min(1, alpha·x + beta)).</summary>
public sealed class HardSigmoid(Attributes attributes) : Operator("HardSigmoid", attributes, (1, 1), "alpha", "beta")
{
    /// <summary>The slope.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 0.2f);

    /// <summary>The value at 0.</summary>
    public float Beta { get; } = attributes.Float("beta", 0.5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX HardSwish: x·max(0, min(1, x/6 + 1/2)), element-wise (Howard et al. 2019).</summary>
public sealed class HardSwish(Attributes attributes) : Operator("HardSwish", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX LeakyRelu: x where not negative, else alpha·x.</summary>
public sealed class LeakyRelu(Attributes attributes) : Operator("LeakyRelu", attributes, (1, 1), "alpha")
{
    /// <summary>The slope of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 0.01f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Mish: x·tanh(ln(1 + eˣ)), element-wise (Misra 2019).</summary>
public sealed class Mish(Attributes attributes) : Operator("Mish", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX PRelu: x where not negative, else slope·x; the slope is broadcast to x.</summary>
public sealed class PRelu(Attributes attributes) : Operator("PRelu", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Relu, element-wise.</summary>
public sealed class Relu(Attributes attributes) : Operator("Relu", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Selu: gamma·x where positive, else gamma·alpha·(eˣ − 1) (Klambauer et al. 2017).</summary>
public sealed class Selu(Attributes attributes) : Operator("Selu", attributes, (1, 1), "alpha", "gamma")
{
    /// <summary>The factor of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1.67326319217681884765625f);

    /// <summary>The factor of both sides.</summary>
    public float Gamma { get; } = attributes.Float("gamma", 1.05070102214813232421875f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Sigmoid, element-wise.</summary>
public sealed class Sigmoid(Attributes attributes) : Operator("Sigmoid", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Softplus: ln(1 + eˣ), element-wise.</summary>
public sealed class Softplus(Attributes attributes) : Operator("Softplus", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Softsign: x/(1 + |x|), element-wise.</summary>
public sealed class Softsign(Attributes attributes) : Operator("Softsign", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Tanh, element-wise.</summary>
public sealed class Tanh(Attributes attributes) : Operator("Tanh", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX ThresholdedRelu: x where above alpha, else 0.</summary>
public sealed class ThresholdedRelu(Attributes attributes) : Operator("ThresholdedRelu", attributes, (1, 1), "alpha")
{
    /// <summary>The threshold.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Softmax along one axis.</summary>
public sealed class Softmax(Attributes attributes) : Operator("Softmax", attributes, (1, 1), "axis")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = (int)attributes.Int("axis", -1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX LogSoftmax along one axis.</summary>
public sealed class LogSoftmax(Attributes attributes) : Operator("LogSoftmax", attributes, (1, 1), "axis")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = (int)attributes.Int("axis", -1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
