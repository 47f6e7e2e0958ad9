using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;

namespace Decant.Reports;

/// <summary>
/// What a network takes and gives, of which operators it is made, and which of them run on fast kernels.
/// </summary>
/// <param name="Producer">The program that wrote its ONNX file; null where that is not known.</param>
/// <param name="Opset">The opset of its ONNX file; null where there is none.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Operators">Its operators, the most frequent first.</param>
/// <param name="PlannedAt">The input shapes that kernels were chosen for; empty where they could not be.</param>
/// <param name="WhyUnplanned">Why kernels could not be chosen; null where they were.</param>
public sealed record NetworkOutline(
    string? Producer,
    long? Opset,
    IReadOnlyList<ValueOutline> Inputs,
    IReadOnlyList<ValueOutline> Outputs,
    IReadOnlyList<OperatorOutline> Operators,
    string PlannedAt,
    string? WhyUnplanned
)
{
    private const int MostNames = 3;

    /// <summary>Looks at a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">What its ONNX file says, which names sizes; null if there is none.</param>
    public static NetworkOutline Of(Network network, OnnxDescription? file)
    {
        Shape[]? shapes = Typical(network);
        var plain = new List<string>();
        string? unplanned = shapes is null ? "the rank of an input is not known" : Plan(network, shapes, plain);
        Dictionary<string, string> types = network
            .Nodes.DistinctBy(n => n.Name, StringComparer.Ordinal)
            .ToDictionary(n => n.Name, n => n.Operator.Type, StringComparer.Ordinal);
        ILookup<string, string> slow = plain
            .Where(types.ContainsKey)
            .ToLookup(name => types[name], StringComparer.Ordinal);
        return new NetworkOutline(
            file?.Producer is { Length: > 0 } producer ? producer : null,
            file?.Opset,
            [.. network.Inputs.Select(i => ValueOutline.Of(i, file?.Inputs))],
            [.. network.Outputs.Select(o => ValueOutline.Of(o, file?.Outputs))],
            [
                .. network
                    .Nodes.GroupBy(n => n.Operator.Type, StringComparer.Ordinal)
                    .OrderByDescending(g => g.Count())
                    .ThenBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new OperatorOutline(g.Key, g.Count(), [.. slow[g.Key]])),
            ],
            unplanned is null ? string.Join(", ", network.Inputs.Zip(shapes!, (i, s) => $"{i.Name} {s}")) : "",
            unplanned
        );
    }

    /// <summary>What people read of it.</summary>
    internal ImmutableArray<ReportPart> Parts() =>
        [
            ReportTable.Of(
                ["", "name", "type", "shape"],
                [.. Inputs.Select(v => Row("input", v)), .. Outputs.Select(v => Row("output", v))],
                words: 4
            ),
            .. Opset is { } opset
                ? [new ReportLine($"opset {opset}{(Producer is null ? "" : $", written by {Producer}")}")]
                : ImmutableArray<ReportPart>.Empty,
            new ReportLine(
                $"{Operators.Sum(o => o.Count)} nodes: "
                    + string.Join(", ", Operators.Select(o => $"{o.Count} {o.Type}"))
            ),
            new ReportLine(Kernels()),
        ];

    private static IReadOnlyList<string> Row(string what, ValueOutline value) =>
        [what, value.Name, value.Type, value.Shape];

    private string Kernels()
    {
        if (WhyUnplanned is not null)
            return $"fast kernels are not known: {WhyUnplanned}";
        OperatorOutline[] slow = [.. Operators.Where(o => o.WithoutFastKernel.Count > 0)];
        string at = PlannedAt.Length == 0 ? "" : $" ({PlannedAt})";
        return slow.Length == 0
            ? $"every node has a fast kernel{at}"
            : $"{slow.Sum(o => o.WithoutFastKernel.Count)} nodes have no fast kernel{at}: "
                + string.Join("; ", slow.Select(o => $"{o.WithoutFastKernel.Count} {o.Type} {Names(o)}"));
    }

    private static string Names(OperatorOutline slow)
    {
        string names = string.Join(", ", slow.WithoutFastKernel.Take(MostNames).Select(n => $"'{n}'"));
        return slow.WithoutFastKernel.Count > MostNames ? $"({names}, …)" : $"({names})";
    }

    /// <summary>One example of typical extents where they are open.</summary>
    private static Shape[]? Typical(Network network)
    {
        if (network.Inputs.Any(i => i.Type.Shape is null))
            return null;
        return
        [
            .. network.Inputs.Select(i => new Shape([
                .. i.Type.Shape!.Value.Dims.Select(
                    (d, axis) =>
                        d >= 0 ? d
                        : axis == 0 ? 1
                        : NetworkShapes.TypicalExtent
                ),
            ])),
        ];
    }

    /// <summary>Plans the network, and notes what has no stage; why it cannot be planned, or null.</summary>
    private static string? Plan(Network network, Shape[] shapes, List<string> plain)
    {
        try
        {
            using InferenceSession session = new InferenceModel(network).CreateSession();
            session.Prepare(shapes);
            foreach (LayerProfile layer in session.Layers)
                if (layer.IsPlain)
                    plain.Add(layer.Name);
            return null;
        }
        catch (DecantException e)
        {
            return e.Message;
        }
    }
}

/// <summary>An input or output of a network.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">Its extents; open ones by the names that its file gives them, else ?.</param>
public sealed record ValueOutline(string Name, string Type, string Shape)
{
    internal static ValueOutline Of(ValueInfo value, IReadOnlyList<OnnxValueDescription>? file)
    {
        ImmutableArray<string> names = file?.FirstOrDefault(v => v.Name == value.Name)?.Sizes ?? default;
        string shape = value.Type.Shape switch
        {
            null => "any",
            { Rank: 0 } => "scalar",
            { } s => string.Join('×', s.Dims.Select((d, i) => d >= 0 ? $"{d}" : Open(names, s.Rank, i))),
        };
        return new ValueOutline(value.Name, value.Type.Type.ToString(), shape);
    }

    private static string Open(ImmutableArray<string> names, int rank, int axis) =>
        !names.IsDefault && names.Length == rank && !char.IsAsciiDigit(names[axis][0]) ? names[axis] : "?";
}

/// <summary>An operator of a network.</summary>
/// <param name="Type">The operator.</param>
/// <param name="Count">How many nodes compute it.</param>
/// <param name="WithoutFastKernel">Names of those that its kernel on tensors computes.</param>
public sealed record OperatorOutline(string Type, int Count, IReadOnlyList<string> WithoutFastKernel);
