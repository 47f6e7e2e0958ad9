using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>Shape rules that element-wise operators share.</summary>
internal static class Elementwise
{
    public static ImmutableArray<TensorType?> Unary(OperatorInputs inputs) => [inputs.Types[0]];

    public static ImmutableArray<TensorType?> Binary(OperatorInputs inputs) =>
        inputs.Shape(0) is { } a && inputs.Shape(1) is { } b
            ? [new TensorType(inputs.Type(0), Shape.Broadcast(a, b))]
            : [new TensorType(inputs.Type(0), null)];

    public static ImmutableArray<TensorType?> Comparison(OperatorInputs inputs) => [new TensorType(ElementType.Bool, Broadcast(inputs))];

    public static ImmutableArray<TensorType?> Variadic(OperatorInputs inputs) => [new TensorType(inputs.Type(0), Broadcast(inputs))];

    /// <summary>The shape that all inputs broadcast to; null if that of one is not known.</summary>
    public static Shape? Broadcast(OperatorInputs inputs)
    {
        Shape all = Shape.Scalar;
        for (int i = 0; i < inputs.Types.Length; i++)
            if (inputs.Shape(i) is { } one) all = Shape.Broadcast(all, one);
            else return null;
        return all;
    }
}
