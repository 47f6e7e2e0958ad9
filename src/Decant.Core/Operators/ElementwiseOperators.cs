using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>An operator that computes each element of its output from those at the same place of its inputs.</summary>
public abstract class ElementwiseOperator : Operator
{
    private protected ElementwiseOperator(
        string type,
        Attributes attributes,
        (int Min, int Max) inputs,
        params ReadOnlySpan<string> known
    )
        : base(type, attributes, inputs, known) { }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.Elementwise;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;
}

/// <summary>A function of one tensor, element-wise.</summary>
public abstract class UnaryFunction : ElementwiseOperator
{
    private protected UnaryFunction(string type, Attributes attributes, params ReadOnlySpan<string> known)
        : base(type, attributes, (1, 1), known) { }

    /// <inheritdoc/>
    internal sealed override ChannelRule ChannelRule =>
        new SameRule(n => n.Each(r => n.Of(0, r) is { } x ? Value(x) : null));

    /// <summary>The function of one element; null if it has no closed form here.</summary>
    internal abstract double? Value(double x);
}

/// <summary>A point-wise non-linearity of one tensor.</summary>
public abstract class ActivationFunction : UnaryFunction
{
    private protected ActivationFunction(string type, Attributes attributes, params ReadOnlySpan<string> known)
        : base(type, attributes, known) { }

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.Elementwise | OperatorTraits.Activation;
}

/// <summary>A function of several tensors, element-wise, which broadcast.</summary>
public abstract class ArithmeticOperator : ElementwiseOperator
{
    private protected ArithmeticOperator(
        string type,
        Attributes attributes,
        (int Min, int Max) inputs,
        params ReadOnlySpan<string> known
    )
        : base(type, attributes, inputs, known) { }

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => new ElementwiseRule(Value, ChannelRole.Producer);

    /// <summary>
    /// The function of two elements; more are taken in one by one. Null if that does not give the function.
    /// </summary>
    internal abstract double? Value(double a, double b);
}

/// <summary>A comparison or logical function of two tensors, element-wise, to bools.</summary>
public abstract class ComparisonOperator : ElementwiseOperator
{
    private protected ComparisonOperator(string type, Attributes attributes)
        : base(type, attributes, (2, 2)) { }

    /// <inheritdoc/>
    internal sealed override ChannelRule ChannelRule => ChannelRules.Kept;
}
