using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>One application of an operator.</summary>
/// <param name="Name">The name, for messages and reports.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="Inputs">Names of the values it reads; an empty name is an optional input left out.</param>
/// <param name="Outputs">Names of the values it makes; an empty name is an output nobody asked for.</param>
public sealed record Node(string Name, Operator Operator, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs)
{
    /// <summary>How messages call it: node 'fc1' (Gemm).</summary>
    public override string ToString() => $"node '{Name}' ({Operator.Type})";
}
