using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX LRN: x / (bias + alpha/size · Σ x²)^beta, the sum over <see cref="Size"/> channels around each (Krizhevsky, Sutskever, Hinton 2012, 3.3).</summary>
public sealed class LRN(Attributes attributes) : Operator("LRN", attributes, (1, 1), "alpha", "beta", "bias", "size")
{
    /// <summary>The share of the sum.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1e-4f);

    /// <summary>The power.</summary>
    public float Beta { get; } = attributes.Float("beta", 0.75f);

    /// <summary>Added before the power.</summary>
    public float Bias { get; } = attributes.Float("bias", 1);

    /// <summary>How many channels are summed.</summary>
    public int Size { get; } = attributes.Int("size", 1) is > 0 and <= int.MaxValue / 2 and var size ? (int)size : throw new ModelException("attribute 'size' must be 1 or more");

    /// <summary>The channels summed for channel <paramref name="c"/> of <paramref name="count"/>, both ends included.</summary>
    public (int First, int Last) Around(int c, int count) => (Math.Max(0, c - (Size - 1) / 2), (int)Math.Min(count - 1, (long)c + Size / 2));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is { Rank: < 2 } x) throw new ModelException($"an input of shape {x}; LRN needs (N, C, …)");
        return [inputs.Types[0]];
    }
}
