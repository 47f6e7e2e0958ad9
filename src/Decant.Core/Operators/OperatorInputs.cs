using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>What an operator's shape and cost rules may look at.</summary>
/// <param name="Types">Element type and shape of each input; null if left out or not known.</param>
/// <param name="Constants">The numbers of each input that is a constant; null otherwise.</param>
public sealed record OperatorInputs(ImmutableArray<TensorType?> Types, ImmutableArray<Tensor?> Constants)
{
    /// <summary>The shape of an input; null if it is left out or its rank is not known.</summary>
    public Shape? Shape(int i) => i < Types.Length ? Types[i]?.Shape : null;

    /// <summary>The element type of an input, <see cref="ElementType.Unknown"/> if not known.</summary>
    public ElementType Type(int i) => i < Types.Length ? Types[i]?.Type ?? ElementType.Unknown : ElementType.Unknown;

    /// <summary>The integers of a constant input; null if it is left out or not constant.</summary>
    public long[]? Integers(int i) => i >= Constants.Length ? null : Constants[i] switch
    {
        { Type: ElementType.Int64 } t => t.Span<long>().ToArray(),
        { Type: ElementType.Int32 } t => Array.ConvertAll(t.Span<int>().ToArray(), x => (long)x),
        _ => null,
    };

    /// <summary>Whether an input is given at all.</summary>
    public bool Has(int i) => i < Types.Length && Types[i] is not null;
}
