using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>What an operator's shape and cost rules may look at.</summary>
/// <param name="Types">Element type and shape of each input; null if left out or not known.</param>
/// <param name="Constants">The elements of each input that is a constant; null otherwise.</param>
public sealed record OperatorInputs(ImmutableArray<TensorType?> Types, ImmutableArray<Tensor?> Constants)
{
    /// <summary>The shape of an input; null if it is left out or its rank is not known.</summary>
    public Shape? Shape(int i) => i < Types.Length ? Types[i]?.Shape : null;

    /// <summary>The element type of an input, <see cref="ElementType.Unknown"/> if not known.</summary>
    public ElementType Type(int i) => i < Types.Length ? Types[i]?.Type ?? ElementType.Unknown : ElementType.Unknown;

    /// <summary>The integers of a constant input; null if it is left out or not constant.</summary>
    public long[]? Integers(int i) =>
        i >= Constants.Length
            ? null
            : Constants[i] switch
            {
                { Type: ElementType.Int64 } t => t.Span<long>().ToArray(),
                { Type: ElementType.Int32 } t => Array.ConvertAll(t.Span<int>().ToArray(), x => (long)x),
                _ => null,
            };

    /// <summary>The elements of a constant input of any numeric type; null if it is left out or not constant.</summary>
    public double[]? Doubles(int i) =>
        Constant(i) switch
        {
            null => null,
            { Type: ElementType.Float32 } t => Array.ConvertAll(t.Array<float>(), x => (double)x),
            { Type: ElementType.Float64 } t => (double[])t.Array<double>().Clone(),
            { Type: ElementType.Float16 } t => Array.ConvertAll(t.Array<Half>(), x => (double)x),
            { Type: ElementType.Int16 } t => Array.ConvertAll(t.Array<short>(), x => (double)x),
            { Type: ElementType.UInt8 } t => Array.ConvertAll(t.Array<byte>(), x => (double)x),
            { Type: ElementType.Int8 } t => Array.ConvertAll(t.Array<sbyte>(), x => (double)x),
            { Type: ElementType.UInt16 } t => Array.ConvertAll(t.Array<ushort>(), x => (double)x),
            { Type: ElementType.UInt32 } t => Array.ConvertAll(t.Array<uint>(), x => (double)x),
            { Type: ElementType.UInt64 } t => Array.ConvertAll(t.Array<ulong>(), x => (double)x),
            _ => Integers(i) is { } integers ? Array.ConvertAll(integers, x => (double)x) : null,
        };

    /// <summary>A constant input; null if it is left out or not constant.</summary>
    public Tensor? Constant(int i) => i < Constants.Length ? Constants[i] : null;

    /// <summary>Whether an input is given at all.</summary>
    public bool Has(int i) => i < Types.Length && Types[i] is not null;
}
