using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;

namespace Decant.Tests.Operators;

/// <summary>Where the inputs of a node come from.</summary>
internal enum Placement
{
    /// <summary>All are fed, and the network states their shapes.</summary>
    Fed,

    /// <summary>All are fed, and their shapes are known only when the network runs.</summary>
    Dynamic,

    /// <summary>The first is fed, the others are weights.</summary>
    Weights,

    /// <summary>All are weights: the node may be folded.</summary>
    Constant,
}

/// <summary>One node with inputs that may or may not fit.</summary>
/// <param name="Seed">What the node was made from.</param>
/// <param name="Change">What was changed, in words.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">How many outputs it names.</param>
internal sealed record SweepCase(OperatorSeed Seed, string Change, Tensor?[] Inputs, int Outputs)
{
    private static readonly ElementType[] Types =
    [
        .. Enum.GetValues<ElementType>().Where(t => t > ElementType.Unknown),
    ];

    private static readonly long[] Numbers = [-7, -1, 0, 1, 2, 3, 9];

    /// <summary>The seed as it is, and every departure from it by one input, output, element or attribute.</summary>
    public static IEnumerable<SweepCase> Of(OperatorSeed seed)
    {
        yield return new SweepCase(seed, "as it is", seed.Inputs, seed.Outputs);
        yield return new SweepCase(seed, "an output more", seed.Inputs, seed.Outputs + 1);
        yield return new SweepCase(seed, "an input more", [.. seed.Inputs, OperatorSeeds.Floats(2)], seed.Outputs);
        for (int i = 0; i < seed.Inputs.Length; i++)
        {
            if (seed.Inputs[i] is not { } given)
                continue;
            yield return With(seed, i, null, "left out");
            foreach (ElementType type in Types)
                if (type != given.Type)
                    yield return With(seed, i, Filled(given, type, given.Shape), $"as {type}");
            foreach (Shape shape in Shapes(given.Shape).Distinct())
                if (shape != given.Shape)
                    yield return With(seed, i, Filled(given, given.Type, shape), $"as {shape}");
            foreach (Tensor integers in Elements(given))
                yield return With(seed, i, integers, $"holds {string.Join(',', integers.Array<long>())}");
        }
        foreach (var (name, value) in seed.Attributes)
        foreach (object other in Others(value))
            yield return With(seed, name, other);
    }

    /// <summary>The case as a network of one node, and what it is fed.</summary>
    /// <exception cref="DecantException">The node cannot be part of a network.</exception>
    public (Network Network, Tensor[] Fed) Build(Placement placement)
    {
        Operator op = OperatorCatalogue.Create(Seed.Type, Seed.Attributes);
        var fed = new List<(ValueInfo Info, Tensor Value)>();
        var weights = new List<Weight>();
        for (int i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i] is not { } value)
                continue;
            bool isFed = placement is Placement.Fed or Placement.Dynamic || (placement == Placement.Weights && i == 0);
            Shape? stated = placement == Placement.Dynamic ? null : value.Shape;
            if (isFed)
                fed.Add((new ValueInfo($"x{i}", new TensorType(value.Type, stated)), value));
            else
                weights.Add(new Weight($"x{i}", value.Clone()));
        }
        string[] made = [.. Enumerable.Range(0, Outputs).Select(i => $"y{i}")];
        ElementType[] types = OutputTypes(op);
        var network = new Network(
            "sweep",
            [.. fed.Select(f => f.Info)],
            [
                .. made.Select(
                    (m, i) => new ValueInfo(m, new TensorType(i < types.Length ? types[i] : ElementType.Unknown, null))
                ),
            ],
            [new Node("n", op, [.. Inputs.Select((t, i) => t is null ? "" : $"x{i}")], [.. made])],
            weights
        );
        return (network, [.. fed.Select(f => f.Value)]);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Seed.Type}({string.Join(", ", Inputs.Select(i => i?.ToString() ?? "-"))}), {Change}";

    private static SweepCase With(OperatorSeed seed, int i, Tensor? value, string change)
    {
        var inputs = (Tensor?[])seed.Inputs.Clone();
        inputs[i] = value;
        return new SweepCase(seed, $"input {i} {change}", inputs, seed.Outputs);
    }

    private static SweepCase With(OperatorSeed seed, string name, object value)
    {
        var changed = new Attributes(seed.Attributes.Select(a => a.Key == name ? KeyValuePair.Create(name, value) : a));
        string text = value is ImmutableArray<long> list ? string.Join(',', list) : $"{value}";
        return new SweepCase(seed with { Attributes = changed }, $"{name} is {text}", seed.Inputs, seed.Outputs);
    }

    /// <summary>Integers with one of them another.</summary>
    private static IEnumerable<Tensor> Elements(Tensor given)
    {
        if (given.Type != ElementType.Int64)
            yield break;
        long[] elements = given.Array<long>();
        for (int i = 0; i < elements.Length; i++)
            foreach (long number in Numbers)
                if (number != elements[i])
                    yield return Tensor.Of(given.Shape, [.. elements[..i], number, .. elements[(i + 1)..]]);
    }

    /// <summary>Other values of an attribute.</summary>
    private static IEnumerable<object> Others(object value) =>
        value switch
        {
            long number => Numbers.Where(n => n != number).Cast<object>(),
            float => [0f, -1f, 2f, float.NaN],
            string => ["", "no such word"],
            ImmutableArray<long> list =>
            [
                .. Enumerable
                    .Range(0, list.Length)
                    .SelectMany(i => Numbers.Where(n => n != list[i]).Select(n => list.SetItem(i, n))),
                ImmutableArray<long>.Empty,
                list.Add(1),
                list[1..],
            ],
            _ => [],
        };

    /// <summary>Shapes of other ranks and extents.</summary>
    private static IEnumerable<Shape> Shapes(Shape shape)
    {
        int[] dims = [.. shape.Dims];
        yield return Shape.Scalar;
        yield return new Shape(1);
        yield return new Shape(0);
        yield return new Shape(7);
        yield return new Shape([1, .. dims]);
        yield return new Shape([2, .. dims]);
        yield return new Shape([.. dims, 1]);
        yield return new Shape([.. dims, 0]);
        if (dims.Length > 0)
        {
            yield return new Shape(dims.AsSpan()[1..]);
            yield return new Shape(dims.AsSpan()[..^1]);
            yield return new Shape([.. dims.Reverse()]);
        }
        for (int axis = 0; axis < dims.Length; axis++)
            foreach (int extent in new[] { 0, 1, 7, dims[axis] - 1, dims[axis] + 1 })
                yield return shape.With(axis, extent);
    }

    /// <summary>A tensor of another type or shape that repeats the elements of one.</summary>
    private static Tensor Filled(Tensor from, ElementType type, Shape shape)
    {
        double[] values = new OperatorInputs([new TensorType(from.Type, from.Shape)], [from]).Doubles(0) ?? [1, 0, 1];
        double[] filled = [.. Enumerable.Range(0, (int)shape.Count).Select(i => values[i % values.Length])];
        if (type == ElementType.Bool)
            return Tensor.Of(shape, Array.ConvertAll(filled, v => v != 0));
        Tensor doubles = Tensor.Of(shape, filled);
        return type == ElementType.Float64 ? doubles : Cast(doubles, type);
    }

    private static Tensor Cast(Tensor x, ElementType type)
    {
        var cast = new Node("cast", new Decant.Core.Operators.Cast(new Attributes(("to", (long)type))), ["x"], ["y"]);
        var network = new Network(
            "cast",
            [new ValueInfo("x", new TensorType(x.Type, x.Shape))],
            [new ValueInfo("y", new TensorType(type, x.Shape))],
            [cast],
            []
        );
        using var executor = new ReferenceExecutor(network, threads: 1);
        return executor.Run([x])[0];
    }

    private ElementType[] OutputTypes(Operator op)
    {
        try
        {
            var known = new OperatorInputs(
                [.. Inputs.Select(i => i is null ? null : new TensorType(i.Type, i.Shape))],
                [.. Inputs]
            );
            return [.. op.Infer(known).Select(t => t?.Type ?? ElementType.Unknown)];
        }
        catch (Exception e) when (e is DecantException or OverflowException)
        {
            return [];
        }
    }
}
