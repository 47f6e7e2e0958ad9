using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Equal: whether elements are equal, broadcast both ways.</summary>
public sealed class Equal(Attributes attributes) : ComparisonOperator("Equal", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.NumbersAndBools);
}

/// <summary>ONNX Greater: a &gt; b, broadcast both ways.</summary>
public sealed class Greater(Attributes attributes) : ComparisonOperator("Greater", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.Numbers);
}

/// <summary>ONNX GreaterOrEqual: a ≥ b, broadcast both ways.</summary>
public sealed class GreaterOrEqual(Attributes attributes) : ComparisonOperator("GreaterOrEqual", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.Numbers);
}

/// <summary>ONNX Less: a &lt; b, broadcast both ways.</summary>
public sealed class Less(Attributes attributes) : ComparisonOperator("Less", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.Numbers);
}

/// <summary>ONNX LessOrEqual: a ≤ b, broadcast both ways.</summary>
public sealed class LessOrEqual(Attributes attributes) : ComparisonOperator("LessOrEqual", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.Numbers);
}

/// <summary>ONNX And: logical and of bools, broadcast both ways.</summary>
public sealed class And(Attributes attributes) : ComparisonOperator("And", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.Bools);
}

/// <summary>ONNX Or: logical or of bools, broadcast both ways.</summary>
public sealed class Or(Attributes attributes) : ComparisonOperator("Or", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.Bools);
}

/// <summary>ONNX Xor: logical exclusive or of bools, broadcast both ways.</summary>
public sealed class Xor(Attributes attributes) : ComparisonOperator("Xor", attributes)
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Comparison(inputs, TypeSet.Bools);
}

/// <summary>ONNX Not: logical not of bools.</summary>
public sealed class Not(Attributes attributes) : ElementwiseOperator("Not", attributes, (1, 1))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Same;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Bools);
}

/// <summary>ONNX Where: input 1 where the bools of input 0 hold, else input 2; all three broadcast.</summary>
public sealed class Where(Attributes attributes) : ElementwiseOperator("Where", attributes, (3, 3))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Kept;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Bools);
        inputs.RequireSameTypes(1);
        ElementType type = inputs.Type(1) is ElementType.Unknown ? inputs.Type(2) : inputs.Type(1);
        return One(type, Elementwise.Broadcast(inputs));
    }
}
