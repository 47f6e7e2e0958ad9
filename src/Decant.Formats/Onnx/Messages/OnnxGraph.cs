using Decant.Core;

namespace Decant.Formats.Onnx.Messages;

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
