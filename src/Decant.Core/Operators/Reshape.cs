using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Reshape: input 1 is the target; 0 copies the extent, one -1 takes what is left.</summary>
public sealed class Reshape(Attributes attributes) : Operator("Reshape", attributes, (2, 2), "allowzero")
{
    /// <summary>Whether a 0 in the target is an extent of 0 rather than a copy.</summary>
    public bool AllowZero { get; } = attributes.Flag("allowzero");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Integers(1) is { } target && inputs.Shape(0) is { } x ? Output(x, target) : null);

    /// <summary>The shape of the result; extents that depend on an unknown one are unknown.</summary>
    /// <exception cref="ModelException">The target does not fit.</exception>
    public Shape Output(Shape x, ReadOnlySpan<long> target)
    {
        int[] dims = new int[target.Length];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = target[i] == 0 && !AllowZero
                ? i < x.Rank ? x[i] : throw new ModelException($"target {string.Join(',', target.ToArray())} copies axis {i}, which {x} lacks")
                : target[i] is >= -1 and <= int.MaxValue ? (int)target[i] : throw new ModelException($"an extent of {target[i]} in a target shape");
        Infer(x, dims, target);
        return new Shape(dims);
    }

    private void Infer(Shape x, int[] dims, ReadOnlySpan<long> target)
    {
        int free = target.IndexOf(-1);
        if (free >= 0 && target[(free + 1)..].Contains(-1)) throw new ModelException("a target shape with two -1");
        if (!x.IsKnown || dims.Where((d, i) => d < 0 && i != free).Any())
        {
            if (free >= 0) dims[free] = Ratio(x, dims, free);
            return;
        }
        long rest = dims.Where((_, i) => i != free).Aggregate(1L, (n, d) => checked(n * d));
        if (free >= 0 && rest > 0 && x.Count % rest == 0 && x.Count / rest <= int.MaxValue) dims[free] = (int)(x.Count / rest);
        else if (free >= 0 || rest != x.Count)
            throw new ModelException($"shape {x} cannot become {string.Join(',', target.ToArray())}");
    }

    /// <summary>The free extent where the only unknown one is copied unchanged: it cancels.</summary>
    private static int Ratio(Shape x, int[] dims, int free)
    {
        int unknown = x.Dims.IndexOf(Shape.Unknown);
        bool cancels = unknown >= 0 && x.Dims.Count(d => d < 0) == 1 && unknown < dims.Length && unknown != free && dims[unknown] < 0
            && dims.Where((d, i) => d < 0 && i != free && i != unknown).Any() is false;
        if (!cancels) return Shape.Unknown;
        long all = x.With(unknown, 1).Count, rest = 1;
        for (int i = 0; i < dims.Length; i++)
            if (i != free && i != unknown) rest *= dims[i];
        return rest > 0 && all % rest == 0 && all / rest <= int.MaxValue ? (int)(all / rest) : Shape.Unknown;
    }
}
