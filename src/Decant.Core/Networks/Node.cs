using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Decant.Core;

/// <summary>One application of an operator. Nodes are compared by reference: two alike are two nodes.</summary>
/// <param name="Name">The name, for messages and reports.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="Inputs">Names of the values it reads; an empty name is an optional input left out.</param>
/// <param name="Outputs">Names of the values it makes; an empty name is an output nobody asked for.</param>
public sealed record Node(string Name, Operator Operator, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs)
{
    /// <summary>Whether it is this very node.</summary>
    public bool Equals(Node? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>How messages call it: node 'fc1' (Gemm).</summary>
    public override string ToString() => $"node '{Name}' ({Operator.Type})";
}

/// <summary>What is known of a value before the network runs: its element type and its shape.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The shape; extents may be unknown. Null if not even the rank is known.</param>
public sealed record TensorType(ElementType Type, Shape? Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type} {(Shape is { } s ? s.ToString() : "of unknown rank")}";
}

/// <summary>A named input or output of a network.</summary>
/// <param name="Name">The name, unique in the network.</param>
/// <param name="Type">Its element type and shape.</param>
public sealed record ValueInfo(string Name, TensorType Type);
