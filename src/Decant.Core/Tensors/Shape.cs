using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// The extents of a tensor, outermost first. <see cref="Unknown"/> stands for an extent known only when the network
/// runs.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The mark of an extent that is not known yet, such as the batch.</summary>
    public const int Unknown = -1;

    private readonly ImmutableArray<int> dims;

    /// <summary>A shape of the given extents, each at least 0 or <see cref="Unknown"/>.</summary>
    /// <exception cref="ModelException">An extent is below -1.</exception>
    public Shape(params ReadOnlySpan<int> dims)
    {
        foreach (int d in dims)
            if (d < Unknown)
                throw new ModelException($"an extent of {d} in a shape; extents are 0 or more");
        this.dims = [.. dims];
    }

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar => new();

    /// <summary>The extents.</summary>
    public ImmutableArray<int> Dims => dims.IsDefault ? [] : dims;

    /// <summary>How many dimensions.</summary>
    public int Rank => Dims.Length;

    /// <summary>The extent at an axis; negative axes count from the end.</summary>
    public int this[int axis] => Dims[axis < 0 ? axis + Rank : axis];

    /// <summary>True if every extent is known.</summary>
    public bool IsKnown => !Dims.Contains(Unknown);

    /// <summary>The number of elements.</summary>
    /// <exception cref="ModelException">The product does not fit 63 bits, or an extent is unknown.</exception>
    public long Count => CountFrom(0);

    /// <summary>The product of the extents from an axis on.</summary>
    public long CountFrom(int axis)
    {
        long n = 1;
        foreach (int d in Dims.AsSpan()[axis..])
        {
            if (d < 0)
                throw new ModelException($"shape {this} has an unknown extent where its size is needed");
            if (d == 0)
                return 0;
            if (n > long.MaxValue / d)
                throw new ModelException($"shape {this} has more than 2^63 elements");
            n *= d;
        }
        return n;
    }

    /// <summary>This shape with one extent replaced.</summary>
    public Shape With(int axis, int extent) => new(Dims.SetItem(axis < 0 ? axis + Rank : axis, extent).AsSpan());

    /// <summary>Brings an axis in -rank..rank-1 to 0..rank-1.</summary>
    /// <exception cref="ModelException">The axis is outside that range.</exception>
    public int Axis(long axis)
    {
        if (axis < -Rank || axis >= Rank)
            throw new ModelException($"axis {axis} is outside shape {this}");
        return (int)(axis < 0 ? axis + Rank : axis);
    }

    /// <summary>The shape two shapes broadcast to, as NumPy and ONNX define it.</summary>
    /// <exception cref="ModelException">They do not fit.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        var dims = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int x = i <= a.Rank ? a[-i] : 1,
                y = i <= b.Rank ? b[-i] : 1;
            dims[^i] =
                x == y ? x
                : x == 1 ? y
                : y == 1 ? x
                : x == Unknown ? y
                : y == Unknown ? x
                : throw new ModelException($"shapes {a} and {b} do not broadcast");
        }
        return new Shape(dims);
    }

    /// <summary>
    /// Whether this shape can be another one: the ranks are equal, and so are the extents that both know. Of a shape of
    /// which nothing is known, it can.
    /// </summary>
    public bool CanBe(Shape? other)
    {
        if (other is not { } shape)
            return true;
        bool can = Rank == shape.Rank;
        for (int i = 0; can && i < Rank; i++)
            can = Dims[i] == shape.Dims[i] || Dims[i] == Unknown || shape.Dims[i] == Unknown;
        return can;
    }

    /// <summary>
    /// Whether this shape broadcasts to another and leaves it as it is; extents that are not known count as fitting.
    /// </summary>
    public bool BroadcastsTo(Shape to)
    {
        if (Rank > to.Rank)
            return false;
        for (int i = 1; i <= Rank; i++)
            if (this[-i] is not (1 or Unknown) && to[-i] != Unknown && this[-i] != to[-i])
                return false;
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dims.AsSpan().SequenceEqual(other.Dims.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int d in Dims)
            hash.Add(d);
        return hash.ToHashCode();
    }

    /// <summary>As people write it: 20×1×5×5; an unknown extent is N; a single number is "scalar".</summary>
    public override string ToString() =>
        Rank == 0 ? "scalar" : string.Join('×', Dims.Select(d => d < 0 ? "N" : d.ToString()));

    /// <summary>Equality by extents.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Inequality by extents.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);
}
