using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Data;

/// <summary>What text needs to become a network's input.</summary>
public sealed record TextOptions
{
    /// <summary>Splits sentences into tokens; text cannot be opened without.</summary>
    public TextTokenizer? Tokenizer { get; init; }

    /// <summary>The most tokens of a sentence, those that mark its beginning and end included; what is beyond is
    /// left out. 0 for as many as <see cref="Limits"/> say.</summary>
    public int MaxLength { get; init; }

    /// <summary>What the network takes.</summary>
    public TextLimits Limits { get; init; } = TextLimits.None;

    /// <summary>The key of the sentence in .jsonl files; null for text or sentence.</summary>
    public string? TextKey { get; init; }

    /// <summary>The key of the class in .jsonl files; null for label, if there is one.</summary>
    public string? LabelKey { get; init; }
}

/// <summary>What a network takes as text: how many tokens, and which ids.</summary>
public sealed record TextLimits
{
    /// <summary>The input that gets token ids.</summary>
    internal const string IdsInput = "input_ids";

    // A table of so few rows tells kinds of tokens apart, not positions.
    private const int TokenTypes = 2;

    /// <summary>Nothing is known.</summary>
    public static TextLimits None { get; } = new();

    /// <summary>The most tokens of a sentence; null if not known.</summary>
    public int? MaxLength { get; private init; }

    /// <summary>The name of the table in which token ids are looked up; empty if not known.</summary>
    public string Table { get; private init; } = "";

    /// <summary>Rows of <see cref="Table"/>: ids are below; null if not known.</summary>
    public int? Rows { get; private init; }

    /// <summary>
    /// What a network says: how long its input input_ids is, in which table it looks up what that holds, and how many
    /// rows the tables have that are added to it, such as position embeddings.
    /// </summary>
    public static TextLimits Of(Network network)
    {
        if (network.Inputs.FirstOrDefault(i => i.Name == IdsInput) is not { } ids)
            return None;
        int? length = ids.Type.Shape is { Rank: 2 } shape && shape[1] > 0 ? shape[1] : null;
        if (
            network.Nodes.FirstOrDefault(n => IsLookup(network, n) && IsOf(network, n.Inputs[1], IdsInput))
            is not { } words
        )
            return new TextLimits { MaxLength = length };
        (string table, Shape rows) = TableOf(network, words.Inputs[0])!.Value;
        foreach (Node node in network.Nodes)
            if (PositionsOf(network, node, rows[1]) is { } positions)
                length = Math.Min(length ?? int.MaxValue, positions);
        return new TextLimits
        {
            MaxLength = length,
            Table = table,
            Rows = rows[0],
        };
    }

    /// <summary>Checks that every id of a tokenizer has a row.</summary>
    /// <exception cref="DataException">One has none; both sizes are named.</exception>
    internal void Check(TextTokenizer tokenizer)
    {
        if (tokenizer.LargestId >= Rows)
            throw new DataException(
                $"tokenizer {tokenizer.Name} has ids up to {tokenizer.LargestId}, and the network's embedding table "
                    + $"'{Table}' has {Rows} rows: the tokenizer is that of another network"
            );
    }

    /// <summary>
    /// Rows of a table that is looked up or sliced by something else than the sentence's own ids, and is added to what
    /// those give; null if a node does no such thing.
    /// </summary>
    private static int? PositionsOf(Network network, Node node, int width)
    {
        bool isAdded = network.Graph.Consumers(node.Outputs[0]).Any(c => c.Operator is Add);
        if (!isAdded || !Has(node, OperatorTraits.MovesElements) || TableOf(network, node.Inputs[0]) is not { } table)
            return null;
        bool isOfInput = IsLookup(network, node) && network.Inputs.Any(i => IsOf(network, node.Inputs[1], i.Name));
        return table.Shape.Rank > 1 && table.Shape[-1] == width && table.Shape[-2] > TokenTypes && !isOfInput
            ? table.Shape[-2]
            : null;
    }

    private static bool IsLookup(Network network, Node node) =>
        node.Operator is Gather
        && TableOf(network, node.Inputs[0]) is { Shape: { Rank: 2 } }
        && !network.Weights.TryGet(node.Inputs[1], out _);

    /// <summary>Whether a value is an input, but for its type and shape.</summary>
    private static bool IsOf(Network network, string value, string input)
    {
        while (value != input)
        {
            if (
                network.Graph.Producer(value) is not { } node
                || !Has(node, OperatorTraits.Elementwise | OperatorTraits.MovesElements)
            )
                return false;
            value = node.Inputs[0];
        }
        return true;
    }

    /// <summary>A weight of floats, or what is made of a quantized one.</summary>
    private static (string Name, Shape Shape)? TableOf(Network network, string value)
    {
        while (network.Graph.Producer(value) is { } node && Has(node, OperatorTraits.Elementwise))
            value = node.Inputs[0];
        return network.Weights.TryGet(value, out Weight? weight) ? (weight.Name, weight.Encoding.Shape) : null;
    }

    private static bool Has(Node node, OperatorTraits any) => (node.Operator.Traits & any) != OperatorTraits.None;
}
