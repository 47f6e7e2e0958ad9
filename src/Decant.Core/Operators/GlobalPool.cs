using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>The shape rule of pooling over all spatial axes.</summary>
internal static class GlobalPool
{
    public static ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3) throw new ModelException($"global pooling needs (N, C, spatial…), not {x}");
        int[] dims = new int[x.Rank];
        Array.Fill(dims, 1);
        (dims[0], dims[1]) = (x[0], x[1]);
        return [new TensorType(inputs.Type(0), new Shape(dims))];
    }
}
