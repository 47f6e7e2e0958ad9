using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Runtime;

/// <summary>Runs networks of one node, and makes random tensors.</summary>
internal static class OneNode
{
    public static Tensor Run(string type, Attributes attributes, params Tensor?[] inputs) =>
        RunAll(type, attributes, 1, 2, inputs)[0];

    public static IReadOnlyList<Tensor> RunAll(
        string type,
        Attributes attributes,
        int outputs,
        int threads,
        params Tensor?[] inputs
    )
    {
        using var executor = new ReferenceExecutor(Of(type, attributes, outputs, inputs), threads);
        return executor.Run([.. inputs.OfType<Tensor>()]);
    }

    public static Network Of(string type, Attributes attributes, int outputs, params Tensor?[] inputs)
    {
        var infos = inputs
            .Select((t, i) => (t, i))
            .Where(p => p.t is not null)
            .Select(p => new ValueInfo($"x{p.i}", new TensorType(p.t!.Type, p.t.Shape)))
            .ToImmutableArray();
        string[] made = [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")];
        var node = new Node(
            "n",
            OperatorCatalogue.Create(type, attributes),
            [.. inputs.Select((t, i) => t is null ? "" : $"x{i}")],
            [.. made]
        );
        return new Network(
            "one",
            infos,
            [.. made.Select(m => new ValueInfo(m, new TensorType(ElementType.Unknown, null)))],
            [node],
            []
        );
    }

    public static Tensor Random(Rng rng, params int[] dims)
    {
        var values = new float[new Shape(dims).Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)rng.NextDouble(-1, 1);
        return Tensor.Of(new Shape(dims), values);
    }

    public static Tensor Doubles(Tensor t) => Tensor.Of(t.Shape, Array.ConvertAll(t.Array<float>(), v => (double)v));

    public static Tensor Halves(Tensor t) => Tensor.Of(t.Shape, Array.ConvertAll(t.Array<float>(), v => (Half)v));

    public static Attributes With(params (string, object)[] values) => new(values);

    public static ImmutableArray<long> Ints(params int[] values) => [.. values.Select(v => (long)v)];

    public static void Close(float[] expected, Tensor actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual.Span<float>()[i]) <= tolerance * (1 + Math.Abs(expected[i])),
                $"element {i} of {actual}: expected {expected[i]}, got {actual.Span<float>()[i]}"
            );
    }

    /// <summary>Every coordinate of a shape, in row-major order.</summary>
    public static IEnumerable<int[]> Coordinates(IReadOnlyList<int> dims)
    {
        if (dims.Contains(0))
            yield break;
        var at = new int[dims.Count];
        while (true)
        {
            yield return (int[])at.Clone();
            int axis = dims.Count - 1;
            while (axis >= 0 && ++at[axis] == dims[axis])
                at[axis--] = 0;
            if (axis < 0)
                yield break;
        }
    }

    public static int Index(IReadOnlyList<int> dims, IReadOnlyList<int> at)
    {
        int index = 0;
        for (int i = 0; i < dims.Count; i++)
            index = index * dims[i] + at[i];
        return index;
    }
}
