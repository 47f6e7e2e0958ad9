namespace Decant.Runtime.Planning;

/// <summary>A node and what follows it that its stage computes on the way.</summary>
/// <param name="Node">The node.</param>
internal sealed record Operation(Node Node)
{
    /// <summary>The last node it computes.</summary>
    public Node Last { get; init; } = Node;

    /// <summary>The value it makes in the end.</summary>
    public string Output { get; init; } = Node.Outputs[0];

    /// <summary>A value that is added to its result; null for none.</summary>
    public string? Residual { get; init; }

    /// <summary>A constant that is added to each output channel; null for none.</summary>
    public string? Bias { get; init; }

    /// <summary>A normalization of its result, channel by channel; null for none.</summary>
    public Node? Normalization { get; init; }

    /// <summary>The least result; smaller ones become it.</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>The greatest result; larger ones become it.</summary>
    public float High { get; init; } = float.PositiveInfinity;

    /// <summary>What brings its result to bytes in the end; null if it stays floats.</summary>
    public Node? Quantization { get; init; }

    /// <summary>The operation without its last node; null if it is one node alone.</summary>
    public Operation? Shorter { get; init; }

    /// <summary>Whether its results are clamped.</summary>
    public bool IsClamped => Low > float.NegativeInfinity || High < float.PositiveInfinity;

    /// <summary>The values it reads.</summary>
    public IEnumerable<string> Reads => (Residual is null ? Node.Inputs : Node.Inputs.Append(Residual)).Where(i => i.Length > 0);
}
