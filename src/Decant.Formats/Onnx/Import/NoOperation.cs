using System.Collections.Frozen;
using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>Nodes, and outputs of nodes, that nothing would be missed without.</summary>
internal static class NoOperation
{
    private static readonly FrozenSet<string> OptionalOutputs =
        FrozenSet.Create(StringComparer.Ordinal, "BatchNormalization", "Dropout", "GRU", "LayerNormalization", "LSTM", "MaxPool", "RNN");

    /// <summary>Whether a node hands its first input on unchanged.</summary>
    public static bool Passes(GraphNode node, Values values) => node.Outputs.Length == 1 && node.Input(0).Length > 0 && node.Type switch
    {
        "Identity" => true,
        "Dropout" => node.Input(2).Length == 0 || IsFalse(values.Constant(node.Input(2))),
        "Cast" => values.Type(node.Input(0)) is not ElementType.Unknown and var type && node.Attributes.Int("to") == (long)type,
        _ => false,
    };

    private static bool IsFalse(Tensor? training) => training is { Type: ElementType.Bool, Count: 1 } && !training.Span<bool>()[0];

    /// <summary>The node without the optional outputs that nobody reads.</summary>
    public static GraphNode WithoutUnread(GraphNode node, HashSet<string> read)
    {
        if (!OptionalOutputs.Contains(node.Type)) return node;
        var outputs = node.Outputs.Select((o, i) => i == 0 || read.Contains(o) ? o : "").ToList();
        while (outputs.Count > 1 && outputs[^1].Length == 0) outputs.RemoveAt(outputs.Count - 1);
        return node with { Outputs = [.. outputs] };
    }
}
