using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Abs: |x|, element-wise.</summary>
public sealed class Abs(Attributes attributes) : UnaryFunction("Abs", attributes)
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.PositivelyHomogeneous;

    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Abs(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Numbers);
}

/// <summary>ONNX Ceil: the least integer not below x, element-wise.</summary>
public sealed class Ceil(Attributes attributes) : UnaryFunction("Ceil", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Ceiling(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Cos, element-wise.</summary>
public sealed class Cos(Attributes attributes) : UnaryFunction("Cos", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Cos(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Erf: the error function 2/√π·∫₀ˣ e^(−t²) dt, element-wise.</summary>
public sealed class Erf(Attributes attributes) : UnaryFunction("Erf", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => null;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Exp: eˣ, element-wise.</summary>
public sealed class Exp(Attributes attributes) : UnaryFunction("Exp", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Exp(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Floor: the greatest integer not above x, element-wise.</summary>
public sealed class Floor(Attributes attributes) : UnaryFunction("Floor", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Floor(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Identity: its input, of any element type.</summary>
public sealed class Identity(Attributes attributes) : ElementwiseOperator("Identity", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits =>
        base.Traits | OperatorTraits.PositivelyHomogeneous | OperatorTraits.MovesElements;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Pass;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Log: ln x, element-wise.</summary>
public sealed class Log(Attributes attributes) : UnaryFunction("Log", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Log(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Neg: −x, element-wise.</summary>
public sealed class Neg(Attributes attributes) : UnaryFunction("Neg", attributes)
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.PositivelyHomogeneous;

    /// <inheritdoc/>
    internal override double? Value(double x) => -x;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Numbers);
}

/// <summary>ONNX Reciprocal: 1/x, element-wise.</summary>
public sealed class Reciprocal(Attributes attributes) : UnaryFunction("Reciprocal", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => 1 / x;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Round: the nearest integer, halves to even, element-wise.</summary>
public sealed class Round(Attributes attributes) : UnaryFunction("Round", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Round(x, MidpointRounding.ToEven);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Sign: −1, 0 or 1, element-wise.</summary>
public sealed class Sign(Attributes attributes) : UnaryFunction("Sign", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Sign(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Numbers);
}

/// <summary>ONNX Sin, element-wise.</summary>
public sealed class Sin(Attributes attributes) : UnaryFunction("Sin", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Sin(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Sqrt: √x, element-wise.</summary>
public sealed class Sqrt(Attributes attributes) : UnaryFunction("Sqrt", attributes)
{
    /// <inheritdoc/>
    internal override double? Value(double x) => Math.Sqrt(x);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}
