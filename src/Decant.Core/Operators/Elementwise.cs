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
}
