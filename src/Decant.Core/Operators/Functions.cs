using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Abs: |x|, element-wise.</summary>
public sealed class Abs(Attributes attributes) : Operator("Abs", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Ceil: the least integer not below x, element-wise.</summary>
public sealed class Ceil(Attributes attributes) : Operator("Ceil", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Cos, element-wise.</summary>
public sealed class Cos(Attributes attributes) : Operator("Cos", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Erf: the error function 2/√π·∫₀ˣ e^(−t²) dt, element-wise.</summary>
public sealed class Erf(Attributes attributes) : Operator("Erf", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Exp: eˣ, element-wise.</summary>
public sealed class Exp(Attributes attributes) : Operator("Exp", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Floor: the greatest integer not above x, element-wise.</summary>
public sealed class Floor(Attributes attributes) : Operator("Floor", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Identity: its input, of any element type.</summary>
public sealed class Identity(Attributes attributes) : Operator("Identity", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Log: ln x, element-wise.</summary>
public sealed class Log(Attributes attributes) : Operator("Log", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Neg: −x, element-wise.</summary>
public sealed class Neg(Attributes attributes) : Operator("Neg", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Reciprocal: 1/x, element-wise.</summary>
public sealed class Reciprocal(Attributes attributes) : Operator("Reciprocal", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Round: the nearest integer, halves to even, element-wise.</summary>
public sealed class Round(Attributes attributes) : Operator("Round", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Sign: −1, 0 or 1, element-wise.</summary>
public sealed class Sign(Attributes attributes) : Operator("Sign", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Sin, element-wise.</summary>
public sealed class Sin(Attributes attributes) : Operator("Sin", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Sqrt: √x, element-wise.</summary>
public sealed class Sqrt(Attributes attributes) : Operator("Sqrt", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
