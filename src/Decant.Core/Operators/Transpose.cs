using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Transpose: axes reordered; reversed if no order is given.</summary>
public sealed class Transpose(Attributes attributes) : Operator("Transpose", attributes, (1, 1), "perm")
{
    private readonly ImmutableArray<long> perm = attributes.Ints("perm");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x ? new Shape([.. Order(x.Rank).Select(a => x[a])]) : null);

    /// <summary>For each axis of the result, the axis of the input it is.</summary>
    /// <exception cref="ModelException">The order given is not one of that many axes.</exception>
    public int[] Order(int rank)
    {
        if (perm.IsEmpty) return [.. Enumerable.Range(0, rank).Reverse()];
        if (perm.Length != rank || !perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i)))
            throw new ModelException($"perm {string.Join(',', perm)} does not order {rank} axes");
        return [.. perm.Select(p => (int)p)];
    }
}
