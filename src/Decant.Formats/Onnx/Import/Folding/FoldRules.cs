using System.Collections.Frozen;
using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>
/// The operators that shape arithmetic is made of, and how each is computed on elements known in part. A rule gives
/// null where it cannot say; the node then stays as it is.
/// </summary>
internal static class FoldRules
{
    private static readonly FrozenDictionary<string, Func<FoldContext, PartialTensor?>> Rules = new Dictionary<
        string,
        Func<FoldContext, PartialTensor?>
    >(StringComparer.Ordinal)
    {
        ["Abs"] = c => Arithmetic.Unary(c, Term.Abs, MathF.Abs),
        ["Add"] = c => Arithmetic.Binary(c, (a, b) => a + b, (a, b) => a + b),
        ["And"] = c => Arithmetic.Logical(c, (a, b) => a & b),
        ["Cast"] = Casting.Cast,
        ["Concat"] = Movement.Concat,
        ["ConstantOfShape"] = Making.ConstantOfShape,
        ["Div"] = c => Arithmetic.Binary(c, (a, b) => a / b, (a, b) => a / b),
        ["Equal"] = c => Arithmetic.Compare(c, (a, b) => a == b),
        ["Expand"] = Movement.Expand,
        ["Flatten"] = Views.Fold,
        ["Gather"] = Movement.Gather,
        ["Greater"] = c => Arithmetic.Compare(c, (a, b) => a > b),
        ["Less"] = c => Arithmetic.Compare(c, (a, b) => a < b),
        ["Max"] = c => Arithmetic.Binary(c, Term.Max, MathF.Max),
        ["Min"] = c => Arithmetic.Binary(c, Term.Min, MathF.Min),
        ["Mul"] = c => Arithmetic.Binary(c, (a, b) => a * b, (a, b) => a * b),
        ["Neg"] = c => Arithmetic.Unary(c, a => -a, a => -a),
        ["Not"] = Arithmetic.Not,
        ["Or"] = c => Arithmetic.Logical(c, (a, b) => a | b),
        ["Range"] = Making.Range,
        ["ReduceProd"] = c => Reduction.Fold(c, Term.Of(1), (a, b) => a * b),
        ["ReduceSum"] = c => Reduction.Fold(c, Term.Of(0), (a, b) => a + b),
        ["Reshape"] = Views.Fold,
        ["Shape"] = Making.Shape,
        ["Size"] = Making.Size,
        ["Slice"] = Movement.Slice,
        ["Sqrt"] = c => Arithmetic.Unary(c, _ => Term.Unknown, MathF.Sqrt),
        ["Squeeze"] = Views.Fold,
        ["Sub"] = c => Arithmetic.Binary(c, (a, b) => a - b, (a, b) => a - b),
        ["Transpose"] = Movement.Transpose,
        ["Unsqueeze"] = Views.Fold,
        ["Where"] = Arithmetic.Where,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether there is a rule for an operator.</summary>
    public static bool Has(string type) => Rules.ContainsKey(type);

    /// <summary>What the node's only output is; null if not known.</summary>
    public static PartialTensor? Fold(FoldContext context) =>
        Rules.TryGetValue(context.Node.Type, out var rule) ? rule(context) : null;
}

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
