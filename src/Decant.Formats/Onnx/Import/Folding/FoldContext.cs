using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>What a folding rule may look at.</summary>
/// <param name="Node">The node to fold, in canonical form.</param>
/// <param name="Values">What is known of its inputs.</param>
internal sealed record FoldContext(GraphNode Node, Values Values)
{
    public Attributes Attributes => Node.Attributes;

    /// <summary>Whether an input is given.</summary>
    public bool Has(int i) => Node.Input(i).Length > 0;

    /// <summary>An input's elements; null if nothing is known of them, or it is left out.</summary>
    public PartialTensor? Input(int i) => Has(i) ? Values.Elements(Node.Input(i)) : null;

    /// <summary>An input's integers; null unless all are known.</summary>
    public long[]? Integers(int i) => Input(i)?.Integers();

    /// <summary>An input's extents; null if not known.</summary>
    public Term[]? Extents(int i) => Values.Extents(Node.Input(i));

    /// <summary>Whether a shape is small enough to follow its elements.</summary>
    public bool Affords(Shape shape) => shape.IsKnown && Values.Affords(shape.Count);
}
