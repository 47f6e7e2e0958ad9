using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Celu: max(0, x) + min(0, alpha·(e^(x/alpha) − 1)) (Barron 2017).</summary>
public sealed class Celu(Attributes attributes) : ActivationFunction("Celu", attributes, "alpha")
{
    /// <inheritdoc/>
    internal override double? Value(double x) => x > 0 ? x : Alpha * (Math.Exp(x / Alpha) - 1);

    /// <summary>The scale of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>
/// ONNX Clip: x held between the scalars min and max, either of which may be left out; max wins where they cross.
/// </summary>
public sealed class Clip(Attributes attributes) : ElementwiseOperator("Clip", attributes, (1, 3))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.Activation;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Clip;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Numbers);
        inputs.RequireSameTypes();
        inputs.RequireSingle(1);
        inputs.RequireSingle(2);
        return Elementwise.Unary(inputs);
    }

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;
}

/// <summary>ONNX Elu: x where positive, else alpha·(eˣ − 1) (Clevert et al. 2016).</summary>
public sealed class Elu(Attributes attributes) : ActivationFunction("Elu", attributes, "alpha")
{
    /// <inheritdoc/>
    internal override double? Value(double x) => x < 0 ? Alpha * (Math.Exp(x) - 1) : x;

    /// <summary>The factor of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Gelu: x·Φ(x), exactly or by its tanh approximation (Hendrycks, Gimpel 2016).</summary>
public sealed class Gelu(Attributes attributes) : ActivationFunction("Gelu", attributes, "approximate")
{
    /// <inheritdoc/>
    internal override double? Value(double x) =>
        ByTanh ? x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) : null;

    /// <summary>Whether x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))) stands for x·Φ(x).</summary>
    public bool ByTanh { get; } =
        attributes.Text("approximate", "none") switch
        {
            "none" => false,
            "tanh" => true,
            var other => throw new ModelException($"attribute 'approximate' is '{other}'; possible are none, tanh"),
        };

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX HardSigmoid: max(0, min(1, alpha·x + beta)).</summary>
public sealed class HardSigmoid(Attributes attributes) : ActivationFunction("HardSigmoid", attributes, "alpha", "beta")
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Clamp(Alpha * x + Beta, 0, 1);

    /// <summary>The slope.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 0.2f);

    /// <summary>The value at 0.</summary>
    public float Beta { get; } = attributes.Float("beta", 0.5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX HardSwish: x·max(0, min(1, x/6 + 1/2)), element-wise (Howard et al. 2019).</summary>
public sealed class HardSwish(Attributes attributes) : ActivationFunction("HardSwish", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => x * Math.Clamp(x / 6 + 0.5, 0, 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX LeakyRelu: x where not negative, else alpha·x.</summary>
public sealed class LeakyRelu(Attributes attributes) : ActivationFunction("LeakyRelu", attributes, "alpha")
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.PositivelyHomogeneous;

    /// <inheritdoc/>
    internal override double? Value(double x) => x < 0 ? Alpha * x : x;

    /// <summary>The slope of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 0.01f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Mish: x·tanh(ln(1 + eˣ)), element-wise (Misra 2019).</summary>
public sealed class Mish(Attributes attributes) : ActivationFunction("Mish", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => x * Math.Tanh(Softplus.Of(x));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX PRelu: x where not negative, else slope·x; the slope is broadcast to x.</summary>
public sealed class PRelu(Attributes attributes) : ElementwiseOperator("PRelu", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits =>
        base.Traits | OperatorTraits.Activation | OperatorTraits.PositivelyHomogeneous;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.PRelu;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Numbers);
        inputs.RequireSameTypes();
        if (inputs.Shape(0) is { } x)
            inputs.RequireBroadcast(1, x);
        return Elementwise.Unary(inputs);
    }
}

/// <summary>ONNX Relu, element-wise.</summary>
public sealed class Relu(Attributes attributes) : ActivationFunction("Relu", attributes)
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.PositivelyHomogeneous;

    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Max(0, x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Signed);
}

/// <summary>ONNX Selu: gamma·x where positive, else gamma·alpha·(eˣ − 1) (Klambauer et al. 2017).</summary>
public sealed class Selu(Attributes attributes) : ActivationFunction("Selu", attributes, "alpha", "gamma")
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Gamma * (x > 0 ? x : Alpha * (Math.Exp(x) - 1));

    /// <summary>The factor of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1.67326319217681884765625f);

    /// <summary>The factor of both sides.</summary>
    public float Gamma { get; } = attributes.Float("gamma", 1.05070102214813232421875f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Sigmoid, element-wise.</summary>
public sealed class Sigmoid(Attributes attributes) : ActivationFunction("Sigmoid", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => 1 / (1 + Math.Exp(-x));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Softplus: ln(1 + eˣ), element-wise.</summary>
public sealed class Softplus(Attributes attributes) : ActivationFunction("Softplus", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Of(x);

    internal static double Of(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Softsign: x/(1 + |x|), element-wise.</summary>
public sealed class Softsign(Attributes attributes) : ActivationFunction("Softsign", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => x / (1 + Math.Abs(x));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Tanh, element-wise.</summary>
public sealed class Tanh(Attributes attributes) : ActivationFunction("Tanh", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Tanh(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX ThresholdedRelu: x where above alpha, else 0.</summary>
public sealed class ThresholdedRelu(Attributes attributes) : ActivationFunction("ThresholdedRelu", attributes, "alpha")
{
    /// <inheritdoc/>
    internal override double? Value(double x) => x > Alpha ? x : 0;

    /// <summary>The threshold.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Softmax along one axis.</summary>
public sealed class Softmax(Attributes attributes) : Operator("Softmax", attributes, (1, 1), "axis")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => new SoftmaxRule(Axis);

    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = attributes.Int32("axis", -1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.AlongAxis(inputs, Axis);
}

/// <summary>ONNX LogSoftmax along one axis.</summary>
public sealed class LogSoftmax(Attributes attributes) : Operator("LogSoftmax", attributes, (1, 1), "axis")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => new SoftmaxRule(Axis);

    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = attributes.Int32("axis", -1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.AlongAxis(inputs, Axis);
}
