using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>Inputs and symbolic sizes of a graph that are given values at import.</summary>
internal sealed class FixedInputs
{
    // What a value may take that a small file asks for.
    private const long MostElements = 1 << 24;

    private readonly ImmutableDictionary<string, ImmutableArray<double>> values;
    private readonly ImmutableDictionary<string, Shape> shapes;

    /// <summary>Takes what is given.</summary>
    /// <exception cref="ModelException">A name is neither an input nor a size of one; those that are, are
    /// named.</exception>
    public FixedInputs(OnnxGraph graph, OnnxReadOptions options)
    {
        (values, shapes) = (options.Fixed, options.Shapes);
        var constants = graph.Initializers.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        string[] inputs = [.. graph.Inputs.Select(i => i.Name).Where(i => !constants.Contains(i))],
            sizes =
            [.. graph.Inputs.SelectMany(i => i.Symbols).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal)];
        foreach (string name in values.Keys.Order(StringComparer.Ordinal))
            if (!inputs.Contains(name, StringComparer.Ordinal) && !sizes.Contains(name, StringComparer.Ordinal))
                throw new ModelException(
                    $"the model has no input and no size called '{name}': its inputs are {string.Join(", ", inputs)}; "
                        + $"its sizes {(sizes.Length == 0 ? "have no names" : $"are {string.Join(", ", sizes)}")}"
                );
        foreach (string name in shapes.Keys.Order(StringComparer.Ordinal))
            if (!inputs.Contains(name, StringComparer.Ordinal))
                throw new ModelException(
                    $"the model has no input called '{name}'; its inputs are {string.Join(", ", inputs)}"
                );
    }

    /// <summary>An input with its sizes as they are given.</summary>
    /// <exception cref="ModelException">What is given does not fit the input, or is no size.</exception>
    public GraphValue Sized(GraphValue input)
    {
        if (shapes.TryGetValue(input.Name, out Shape known))
            input = Shaped(input, known);
        if (input.Shape is not { } shape)
            return input;
        for (int axis = 0; axis < shape.Rank; axis++)
            if (shape[axis] == Shape.Unknown && values.TryGetValue(input.Symbols[axis], out var given))
                shape = shape.With(axis, Extent(input.Symbols[axis], given));
        return input with { Shape = shape };
    }

    /// <summary>The constant that an input becomes; null if it stays an input.</summary>
    /// <exception cref="ModelException">What is given does not fit the input.</exception>
    public Tensor? Value(GraphValue input)
    {
        if (!values.TryGetValue(input.Name, out ImmutableArray<double> given))
            return null;
        Shape shape = input.Shape ?? (given.Length == 1 ? Shape.Scalar : new Shape(given.Length));
        if (!shape.IsKnown && shape.Rank == 1)
            shape = new Shape(given.Length);
        if (!shape.IsKnown)
            throw new ModelException($"input '{input.Name}' has shape {shape}: give its sizes before its value");
        if (shape.Count > MostElements || (given.Length != 1 && given.Length != shape.Count))
            throw new ModelException(
                $"input '{input.Name}' has {shape.Count:N0} elements, and {given.Length:N0} are given: one for all of "
                    + $"them, or as many would work, up to {MostElements:N0}"
            );
        return Filled(input, shape, given);
    }

    private static GraphValue Shaped(GraphValue input, Shape known)
    {
        if (input.Shape is not { } stated)
            return input with { Shape = known, Symbols = [.. known.Dims.Select(_ => "")] };
        bool fits = stated.Rank == known.Rank;
        for (int axis = 0; fits && axis < known.Rank; axis++)
            if (known[axis] != Shape.Unknown && known[axis] != stated[axis])
                if (stated[axis] == Shape.Unknown)
                    stated = stated.With(axis, known[axis]);
                else
                    fits = false;
        return fits
            ? input with
            {
                Shape = stated,
            }
            : throw new ModelException($"input '{input.Name}' is {input.Shape}, and {known} is given");
    }

    private static int Extent(string name, ImmutableArray<double> given) =>
        given is [var extent] && extent >= 0 && extent <= int.MaxValue && extent == Math.Floor(extent)
            ? (int)extent
            : throw new ModelException(
                $"size '{name}' is given as {string.Join(", ", given)}; a whole number would work"
            );

    private static Tensor Filled(GraphValue input, Shape shape, ImmutableArray<double> given)
    {
        double At(int i) => given[given.Length == 1 ? 0 : i];
        ElementType type = input.Type == ElementType.Float16 ? ElementType.Float32 : input.Type;
        Tensor tensor = Tensor.Zeros(type, shape);
        for (int i = 0; i < tensor.Count; i++)
            switch (type)
            {
                case ElementType.Float32:
                    tensor.Span<float>()[i] = (float)At(i);
                    break;
                case ElementType.Float64:
                    tensor.Span<double>()[i] = At(i);
                    break;
                case ElementType.Int64:
                    tensor.Span<long>()[i] = (long)Whole(input, At(i), long.MinValue, long.MaxValue);
                    break;
                case ElementType.Int32:
                    tensor.Span<int>()[i] = (int)Whole(input, At(i), int.MinValue, int.MaxValue);
                    break;
                case ElementType.Bool:
                    tensor.Span<bool>()[i] = Whole(input, At(i), 0, 1) != 0;
                    break;
                default:
                    throw new ModelException(
                        $"input '{input.Name}' takes {input.Type}; floats, 32- and 64-bit integers and truth values "
                            + "can be given"
                    );
            }
        return tensor;
    }

    private static double Whole(GraphValue input, double value, double least, double most) =>
        value == Math.Floor(value) && value >= least && value <= most
            ? value
            : throw new ModelException($"input '{input.Name}' takes {input.Type}, and {value} is given");
}
