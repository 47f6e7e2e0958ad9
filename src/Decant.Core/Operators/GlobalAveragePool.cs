using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX GlobalAveragePool: the mean over all spatial axes, which stay with extent 1.</summary>
public sealed class GlobalAveragePool(Attributes attributes) : Operator("GlobalAveragePool", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3) throw new ModelException($"global pooling needs (N, C, spatial…), not {x}");
        int[] dims = new int[x.Rank];
        Array.Fill(dims, 1);
        (dims[0], dims[1]) = (x[0], x[1]);
        return One(inputs.Type(0), new Shape(dims));
    }
}
