using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// Types of a node's outputs, extents expressed by the inputs' symbols: the operator's own shape rule is run at each
/// sample of the symbols' values, and what it gives is fitted.
/// </summary>
internal static class TypeInference
{
    /// <summary>Infers and remembers the outputs' types; nothing for an operator that is not supported.</summary>
    /// <exception cref="ModelException">The inputs do not fit the operator.</exception>
    public static void Infer(GraphNode node, Values values)
    {
        if (!OperatorCatalogue.Has(node.Type))
            return;
        ImmutableArray<TensorType?>[] samples = Sample(node, values);
        for (int i = 0; i < node.Outputs.Length && i < samples[0].Length; i++)
            if (samples[0][i] is { } first)
                values.SetType(node.Outputs[i], first.Type, values.Symbols.Fit([.. samples.Select(s => s[i]?.Shape)]));
    }

    /// <summary>The extents of a node's first output; null if not known.</summary>
    public static Term[]? Extents(GraphNode node, Values values) =>
        OperatorCatalogue.Has(node.Type)
            ? values.Symbols.Fit([.. Sample(node, values).Select(s => s[0]?.Shape)])
            : null;

    private static ImmutableArray<TensorType?>[] Sample(GraphNode node, Values values)
    {
        Operator rule = OperatorCatalogue.Create(node.Type, node.Attributes);
        rule.CheckCounts(new Node(node.Name, rule, node.Inputs, node.Outputs));
        int count = values.Symbols.SampleCount;
        try
        {
            return
            [
                .. Enumerable
                    .Range(0, count)
                    .TakeWhile(s => s < Symbols.Small)
                    .Select(s => rule.Infer(InputsAt(node, values, s))),
                .. Small(node, rule, values),
            ];
        }
        catch (ModelException) when (count > 1)
        {
            // The samples may not fit where the values at run time do, such as a batch to be split into halves.
            ImmutableArray<TensorType?> open = rule.Infer(InputsAt(node, values, null));
            return [.. Enumerable.Repeat(open, count)];
        }
    }

    private static ImmutableArray<ImmutableArray<TensorType?>> Small(GraphNode node, Operator rule, Values values)
    {
        if (values.Symbols.Count == 0)
            return [];
        try
        {
            return [rule.Infer(InputsAt(node, values, Symbols.Small))];
        }
        catch (ModelException)
        {
            return [];
        }
    }

    private static OperatorInputs InputsAt(GraphNode node, Values values, int? sample) =>
        new(
            [
                .. node.Inputs.Select(i =>
                    i.Length > 0 && values.IsTyped(i)
                        ? new TensorType(values.Type(i), Shape(values.Extents(i), sample))
                        : null
                ),
            ],
            [.. node.Inputs.Select(i => i.Length == 0 ? null : values.Constant(i) ?? At(values.Partial(i), sample))]
        );

    private static Shape? Shape(Term[]? extents, int? sample) =>
        sample is { } s ? Symbols.At(extents, s) : Symbols.Open(extents);

    private static Tensor? At(PartialTensor? elements, int? sample) =>
        sample is { } s ? elements?.At(Symbols.Values(s))
        : elements is { IsConstant: true } ? elements.At([])
        : null;
}
