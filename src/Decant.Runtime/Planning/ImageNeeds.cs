using Decant.Runtime.Memory;
using Decant.Runtime.Stages;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Planning;

/// <summary>
/// What readers want of images before they are made: a border of zeros as wide as the widest window, and parts of a
/// joined value in place.
/// </summary>
internal sealed class ImageNeeds
{
    private static readonly HashSet<string> Makers = new(StringComparer.Ordinal) { "Conv", "MaxPool", "AveragePool" };
    private readonly Dictionary<string, Border> borders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Whole, int Channel)> parts = new(StringComparer.Ordinal);

    private readonly GivenKernels given;
    private readonly HashSet<string> seen;
    private readonly ILookup<string, Operation> readers;
    private readonly Dictionary<string, Operation> makers;

    public ImageNeeds(
        KnownValues known,
        IReadOnlyList<Operation> operations,
        GivenKernels given,
        IEnumerable<string> outputs
    )
    {
        this.given = given;
        seen = outputs.ToHashSet(StringComparer.Ordinal);
        readers = operations
            .SelectMany(o => o.Reads.Select(r => (Read: r, Operation: o)))
            .ToLookup(p => p.Read, p => p.Operation, StringComparer.Ordinal);
        makers = operations.Where(o => o.Output.Length > 0).ToDictionary(o => o.Output, o => o, StringComparer.Ordinal);
        foreach (Operation operation in operations.Where(o => given.For(o.Node) is null))
            if (operation.Node.Operator is Operators.Conv conv)
                Convolution(known, operation, conv);
            else if (operation.Node.Operator is Operators.Concat concat)
                Concat(known, operation, concat, v =>
                    !seen.Contains(v)
                    && readers[v].Count() == 1
                    && makers.TryGetValue(v, out Operation? maker)
                    && Makers.Contains(maker.Node.Operator.Type)
                );
        Through(operations);
    }

    /// <summary>
    /// Bytes and the floats that they stand for are the same images: what readers of the one need, the other has.
    /// </summary>
    private void Through(IReadOnlyList<Operation> operations)
    {
        for (int i = operations.Count - 1; i >= 0; i--)
            if (operations[i].Node is { Operator: Operators.LinearQuantizer } node)
                borders[node.Inputs[0]] = Border(node.Inputs[0]).Union(Border(node.Outputs[0]));
    }

    /// <summary>The border that a value's readers need.</summary>
    public Border Border(string value) => borders.GetValueOrDefault(value);

    /// <summary>The operations that read a value.</summary>
    public IEnumerable<Operation> Readers(string value) => readers[value];

    /// <summary>The node that makes a value, if it is an operation of its own; else null.</summary>
    public Node? Maker(string value) =>
        makers.TryGetValue(value, out Operation? maker) && maker.Shorter is null ? maker.Node : null;

    /// <summary>Whether a value is an output of the network.</summary>
    public bool IsOutput(string value) => seen.Contains(value);

    /// <summary>Whether a value is read by nothing but DequantizeLinear, computed by the runtime itself.</summary>
    public bool StandForFloats(string value) =>
        !seen.Contains(value)
        && readers[value]
            .All(o =>
                o.Node.Operator is Operators.DequantizeLinear && o.Node.Inputs[0] == value && given.For(o.Node) is null
            );

    /// <summary>
    /// The joined value that a value is part of, and its first channel there; null if it stands alone.
    /// </summary>
    public (string Whole, int Channel)? Joined(string value) => parts.TryGetValue(value, out var part) ? part : null;

    private void Convolution(KnownValues known, Operation operation, Operators.Conv conv)
    {
        string input = operation.Node.Inputs[0];
        if (
            known.FloatShape(input) is not { Rank: 3 or 4 } x
            || known.FloatShape(operation.Node.Inputs[1]) is not { } w
            || known.FloatShape(operation.Node.Outputs[0]) is not { } y
        )
            return;
        ImageWindow window = ImageWindow.Of(conv.Window, x, w);
        Border need =
            window.IsWinograd && conv.Group == 1
                ? WinogradConvolution.Reach(y[2], y[3], window.Padding)
                : window.Padding;
        borders[input] = Border(input).Union(need);
    }

    private void Concat(KnownValues known, Operation operation, Operators.Concat concat, Func<string, bool> isPart)
    {
        string whole = operation.Output;
        string[] inputs = [.. operation.Node.Inputs];
        if (known.FloatShape(whole) is not { Rank: 4 } shape || shape.Axis(concat.Axis) != 1)
            return;
        if (
            inputs.Distinct(StringComparer.Ordinal).Count() != inputs.Length
            || !Array.TrueForAll(inputs, i => known.FloatShape(i) is not null && isPart(i))
        )
            return;
        int channel = 0;
        foreach (string input in inputs)
        {
            parts[input] = (whole, channel);
            channel += known.FloatShape(input)!.Value[1];
        }
    }
}
