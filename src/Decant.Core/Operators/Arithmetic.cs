using System.Collections.Immutable;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>Shape rules that element-wise operators share.</summary>
internal static class Elementwise
{
    public static ImmutableArray<TensorType?> Unary(OperatorInputs inputs) => [inputs.Types[0]];

    /// <summary>One input of some element types.</summary>
    public static ImmutableArray<TensorType?> Unary(OperatorInputs inputs, TypeSet types)
    {
        inputs.RequireType(0, types);
        return Unary(inputs);
    }

    /// <summary>One floating-point input, computed along an axis; a scalar counts as one row.</summary>
    public static ImmutableArray<TensorType?> AlongAxis(OperatorInputs inputs, long axis)
    {
        if (inputs.Shape(0) is { } x)
            (x.Rank == 0 ? new Shape(1) : x).Axis(axis);
        return Unary(inputs, TypeSet.Floats);
    }

    /// <summary>Numbers of one element type, broadcast.</summary>
    public static ImmutableArray<TensorType?> Arithmetic(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Numbers);
        inputs.RequireSameTypes();
        return [new TensorType(inputs.Type(0), Broadcast(inputs))];
    }

    /// <summary>Two inputs of one element type, broadcast, to bools.</summary>
    public static ImmutableArray<TensorType?> Comparison(OperatorInputs inputs, TypeSet types)
    {
        inputs.RequireType(0, types);
        inputs.RequireSameTypes();
        return [new TensorType(ElementType.Bool, Broadcast(inputs))];
    }

    /// <summary>The shape that all inputs broadcast to; null if that of one is not known.</summary>
    public static Shape? Broadcast(OperatorInputs inputs)
    {
        Shape all = Shape.Scalar;
        for (int i = 0; i < inputs.Types.Length; i++)
            if (inputs.Shape(i) is { } one)
                all = Shape.Broadcast(all, one);
            else
                return null;
        return all;
    }
}

/// <summary>ONNX Add: element-wise, broadcast both ways.</summary>
public sealed class Add(Attributes attributes) : ArithmeticOperator("Add", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => true;

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => a + b;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>ONNX Sub: element-wise, broadcast both ways.</summary>
public sealed class Sub(Attributes attributes) : ArithmeticOperator("Sub", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => true;

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => a - b;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>ONNX Mul: element-wise, broadcast both ways.</summary>
public sealed class Mul(Attributes attributes) : ArithmeticOperator("Mul", attributes, (2, 2))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => new FactorRule(Value);

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => a * b;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>ONNX Div: element-wise, broadcast both ways.</summary>
public sealed class Div(Attributes attributes) : ArithmeticOperator("Div", attributes, (2, 2))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule =>
        new ElementwiseRule(Value, ChannelRole.Producer, ChannelRole.Companion);

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => a / b;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>
/// ONNX Mod: the remainder of x/y, broadcast both ways; with the sign of y, or with that of x if fmod is 1.
/// </summary>
public sealed class Mod(Attributes attributes) : ArithmeticOperator("Mod", attributes, (2, 2), "fmod")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule =>
        new ElementwiseRule(Value, ChannelRole.Producer, ChannelRole.Companion);

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => null;

    /// <summary>Whether the remainder has the dividend's sign; floating-point types need it.</summary>
    public bool Truncated { get; } = attributes.Flag("fmod");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>ONNX Pow: x to the power y, broadcast both ways; the result has the type of x.</summary>
public sealed class Pow(Attributes attributes) : ArithmeticOperator("Pow", attributes, (2, 2))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule =>
        new ElementwiseRule(Value, ChannelRole.Producer, ChannelRole.Companion);

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => null;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Numbers);
        inputs.RequireType(1, TypeSet.Numbers);
        return [new TensorType(inputs.Type(0), Elementwise.Broadcast(inputs))];
    }
}

/// <summary>ONNX Max: the greatest of its inputs, broadcast; NaN wins.</summary>
public sealed class Max(Attributes attributes) : ArithmeticOperator("Max", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => Math.Max(a, b);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>ONNX Min: the least of its inputs, broadcast; NaN wins.</summary>
public sealed class Min(Attributes attributes) : ArithmeticOperator("Min", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => Math.Min(a, b);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>ONNX Mean: the mean of its inputs, broadcast.</summary>
public sealed class Mean(Attributes attributes) : ArithmeticOperator("Mean", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    internal override double? Value(double a, double b) => null;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}

/// <summary>ONNX Sum: the sum of its inputs, broadcast.</summary>
public sealed class Sum(Attributes attributes) : ArithmeticOperator("Sum", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => true;

    /// <inheritdoc/>
    internal override double? Value(double a, double b) => a + b;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Arithmetic(inputs);
}
