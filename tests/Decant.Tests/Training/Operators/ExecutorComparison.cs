using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Runtime;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Operators;

/// <summary>Runs one operator on the managed runtime and on libtorch, over random shapes and attributes.</summary>
internal static class ExecutorComparison
{
    /// <summary>
    /// Runs random cases, their later inputs once fed and once constant; at least so many must be possible.
    /// </summary>
    public static void Compare(
        string type,
        int count,
        Func<Rng, (Attributes Attributes, Tensor?[] Inputs)> draw,
        int atLeast = 5,
        int outputs = 1
    )
    {
        int compared = 0;
        for (int i = 0; i < count; i++)
        {
            var (attributes, inputs) = draw(new Rng((ulong)i + 1));
            string what =
                $"{type} case {i}: {string.Join(", ", attributes.Select(a => $"{a.Key}={Text(a.Value)}"))} of "
                + $"{string.Join(", ", inputs.Select(t => t?.ToString() ?? "-"))}";
            Network fed = OneNode.Of(type, attributes, outputs, inputs);
            compared += CompareOne(fed, [.. inputs.OfType<Tensor>()], what);
            var weights = inputs
                .Select((t, at) => (t, at))
                .Skip(1)
                .Where(p => p.t is not null)
                .Select(p => new Weight($"x{p.at}", p.t!));
            compared += CompareOne(
                new Network("one", [fed.Inputs[0]], fed.Outputs, fed.Nodes, weights),
                [inputs[0]!],
                what
            );
        }
        Assert.True(compared >= 2 * atLeast, $"only {compared} cases of {type} could be computed");
    }

    public static Tensor Random(Rng rng, params int[] dims) => OneNode.Random(rng, dims);

    /// <summary>Random integers from low to high, both included.</summary>
    public static int[] Many(Rng rng, int count, int low, int high) =>
        [.. Enumerable.Range(0, count).Select(_ => low + rng.Next(high - low + 1))];

    private static int CompareOne(Network network, Tensor[] inputs, string what)
    {
        IReadOnlyList<Tensor> expected;
        using var runtime = new ReferenceExecutor(network, 1);
        try
        {
            expected = runtime.Run(inputs);
        }
        catch (ModelException)
        {
            return 0; // A window that does not fit its input, for one.
        }
        using var torch = new TorchExecutor(network);
        IReadOnlyList<Tensor> actual = torch.Run(inputs);
        for (int k = 0; k < expected.Count; k++)
            Close(expected[k], actual[k], $"{what}: output {k}");
        return 1;
    }

    private static void Close(Tensor expected, Tensor actual, string what)
    {
        Assert.True(
            expected.Shape == actual.Shape && expected.Type == actual.Type,
            $"{what}: {expected} against {actual}"
        );
        double[] e = Doubles(expected),
            a = Doubles(actual);
        for (int i = 0; i < e.Length; i++)
            Assert.True(
                e[i].Equals(a[i]) || Math.Abs(e[i] - a[i]) <= 1e-5 * (1 + Math.Abs(e[i])),
                $"{what}: element {i} is {a[i]}, not {e[i]}"
            );
    }

    private static double[] Doubles(Tensor t) =>
        t.Type == ElementType.Float32
            ? Array.ConvertAll(t.Array<float>(), v => (double)v)
            : Array.ConvertAll(t.Array<long>(), v => (double)v);

    private static object Text(object value) => value is ImmutableArray<long> many ? string.Join(' ', many) : value;
}
