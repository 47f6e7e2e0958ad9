using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Equal: whether numbers or bools are equal, broadcast both ways.</summary>
public sealed class Equal(Attributes attributes) : Operator("Equal", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX Greater: a &gt; b, broadcast both ways.</summary>
public sealed class Greater(Attributes attributes) : Operator("Greater", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX GreaterOrEqual: a ≥ b, broadcast both ways.</summary>
public sealed class GreaterOrEqual(Attributes attributes) : Operator("GreaterOrEqual", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX Less: a &lt; b, broadcast both ways.</summary>
public sealed class Less(Attributes attributes) : Operator("Less", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX LessOrEqual: a ≤ b, broadcast both ways.</summary>
public sealed class LessOrEqual(Attributes attributes) : Operator("LessOrEqual", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX And: logical and of bools, broadcast both ways.</summary>
public sealed class And(Attributes attributes) : Operator("And", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX Or: logical or of bools, broadcast both ways.</summary>
public sealed class Or(Attributes attributes) : Operator("Or", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX Xor: logical exclusive or of bools, broadcast both ways.</summary>
public sealed class Xor(Attributes attributes) : Operator("Xor", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}

/// <summary>ONNX Not: logical not of bools.</summary>
public sealed class Not(Attributes attributes) : Operator("Not", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}

/// <summary>ONNX Where: input 1 where the bools of input 0 hold, else input 2; all three broadcast.</summary>
public sealed class Where(Attributes attributes) : Operator("Where", attributes, (3, 3))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(1) is ElementType.Unknown ? inputs.Type(2) : inputs.Type(1), Elementwise.Broadcast(inputs));
}
