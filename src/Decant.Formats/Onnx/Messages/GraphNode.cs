using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Messages;

/// <summary>A node as a file states it, of any operator.</summary>
/// <param name="Name">The name; that of the first output if the file gives none.</param>
/// <param name="Type">The operator.</param>
/// <param name="Inputs">What it reads; empty for an input left out.</param>
/// <param name="Outputs">What it makes; empty for an output nobody asked for.</param>
/// <param name="Attributes">The attributes.</param>
internal sealed record GraphNode(string Name, string Type, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs, Attributes Attributes)
{
    public override string ToString() => $"node '{Name}' ({Type})";

    /// <summary>The name of an input; empty if left out.</summary>
    public string Input(int i) => i < Inputs.Length ? Inputs[i] : "";

    /// <summary>This node without one attribute.</summary>
    public GraphNode Without(params IEnumerable<string> attributes) => this with { Attributes = Attributes.Without(attributes) };

    /// <summary>This node with an input set; those before it that are missing are left out.</summary>
    public GraphNode WithInput(int i, string name)
    {
        ImmutableArray<string> inputs = Inputs;
        while (inputs.Length <= i) inputs = inputs.Add("");
        return this with { Inputs = inputs.SetItem(i, name) };
    }

    /// <summary>An error of this node.</summary>
    public ModelException Error(string message) => new($"{this}: {message}");
}
