using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Messages;

/// <summary>A model as its file states it.</summary>
internal sealed class OnnxModel
{
    /// <summary>The version of the standard operators; 1 if not stated, as for the first files.</summary>
    public long Opset { get; set; } = 1;

    public OnnxGraph? Graph { get; set; }

    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The functions that nodes may name as their operators.</summary>
    public Dictionary<FunctionName, OnnxFunction> Functions { get; } = [];
}

/// <summary>What a node names a function by.</summary>
internal sealed record FunctionName(string Domain, string Name, string Overload)
{
    public override string ToString() => Overload.Length == 0 ? $"{Domain}::{Name}" : $"{Domain}::{Name}:{Overload}";
}

/// <summary>A function of a model, which nodes name as their operator.</summary>
/// <param name="Name">The name.</param>
/// <param name="Graph">Its body; its inputs and outputs have names alone.</param>
/// <param name="Defaults">What attributes are where a node does not give them.</param>
/// <param name="Opset">The version of the standard operators in it; null for the model's.</param>
internal sealed record OnnxFunction(
    FunctionName Name,
    OnnxGraph Graph,
    ImmutableDictionary<string, object> Defaults,
    long? Opset
);

/// <summary>The graph of a model as its file states it.</summary>
internal sealed class OnnxGraph
{
    public string Name { get; set; } = "";

    public List<GraphNode> Nodes { get; } = [];

    public List<GraphValue> Inputs { get; } = [];

    public List<GraphValue> Outputs { get; } = [];

    /// <summary>The constants, in the file's order.</summary>
    public List<(string Name, Tensor Values)> Initializers { get; } = [];
}

/// <summary>A node as a file states it, of any operator.</summary>
/// <param name="Name">The name; that of the first output if the file gives none.</param>
/// <param name="Type">The operator.</param>
/// <param name="Inputs">What it reads; empty for an input left out.</param>
/// <param name="Outputs">What it makes; empty for an output nobody asked for.</param>
/// <param name="Attributes">The attributes.</param>
internal sealed record GraphNode(
    string Name,
    string Type,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    Attributes Attributes
)
{
    /// <summary>The graphs that it runs, by their attributes' names.</summary>
    public ImmutableDictionary<string, OnnxGraph> Graphs { get; init; } =
        ImmutableDictionary.Create<string, OnnxGraph>(StringComparer.Ordinal);

    /// <summary>For each attribute that is one of the function around it, that one's name.</summary>
    public ImmutableDictionary<string, string> References { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Where the operator is from; empty for the standard's.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Which of several functions of one name; mostly empty.</summary>
    public string Overload { get; init; } = "";

    public override string ToString() => $"node '{Name}' ({Type})";

    /// <summary>The name of an input; empty if left out.</summary>
    public string Input(int i) => i < Inputs.Length ? Inputs[i] : "";

    /// <summary>This node without one attribute.</summary>
    public GraphNode Without(params IEnumerable<string> attributes) =>
        this with
        {
            Attributes = Attributes.Without(attributes),
        };

    /// <summary>This node with an input set; those before it that are missing are left out.</summary>
    public GraphNode WithInput(int i, string name)
    {
        ImmutableArray<string> inputs = Inputs;
        while (inputs.Length <= i)
            inputs = inputs.Add("");
        return this with { Inputs = inputs.SetItem(i, name) };
    }

    /// <summary>An error of this node.</summary>
    public ModelException Error(string message) => new($"{this}: {message}");
}

/// <summary>An input or output of a graph as a file states it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type; <see cref="ElementType.Unknown"/> if not stated.</param>
/// <param name="Shape">The extents, unknown where not stated; null if no shape is stated.</param>
/// <param name="Symbols">For each extent the name that stands for it; empty if there is none.</param>
internal sealed record GraphValue(string Name, ElementType Type, Shape? Shape, ImmutableArray<string> Symbols)
{
    /// <summary>Whether it is a tensor, as far as is stated; else a sequence, map or optional.</summary>
    public bool IsTensor { get; init; } = true;
}
