using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Runtime.Planning;

/// <summary>A network under construction, whose plans are held against the reference executor at every width.</summary>
internal sealed class StageCheck
{
    private readonly List<ValueInfo> inputs = [];
    private readonly List<Tensor> fed = [];
    private readonly List<Node> nodes = [];
    private readonly List<Weight> weights = [];

    /// <summary>A value that is fed.</summary>
    public string Feed(Tensor tensor)
    {
        inputs.Add(new ValueInfo($"x{inputs.Count}", new TensorType(tensor.Type, tensor.Shape)));
        fed.Add(tensor);
        return inputs[^1].Name;
    }

    /// <summary>A constant.</summary>
    public string Constant(Tensor tensor)
    {
        weights.Add(new Weight($"w{weights.Count}", new DenseEncoding(tensor)));
        return weights[^1].Name;
    }

    /// <summary>A node of one output.</summary>
    public string Add(string type, Attributes attributes, params string[] from) => Add(type, attributes, 1, from)[0];

    /// <summary>A node.</summary>
    public string[] Add(string type, Attributes attributes, int outputs, params string[] from)
    {
        string[] made = [.. Enumerable.Range(0, outputs).Select(i => $"y{nodes.Count}.{i}")];
        nodes.Add(new Node($"n{nodes.Count}", OperatorCatalogue.Create(type, attributes), [.. from], [.. made]));
        return made;
    }

    /// <summary>The network that ends in some values.</summary>
    public Network To(params string[] outputs) =>
        new(
            "check",
            [.. inputs],
            [.. outputs.Select(o => new ValueInfo(o, new TensorType(ElementType.Unknown, null)))],
            [.. nodes],
            [.. weights]
        );

    /// <summary>
    /// Runs plans of every width, and wants no kernel in them, no allocation after the first run, and the reference's
    /// numbers.
    /// </summary>
    public void Holds(double tolerance, params string[] outputs)
    {
        Network network = To(outputs);
        using var reference = new ReferenceExecutor(network, 1);
        IReadOnlyList<Tensor> expected = reference.Run(fed);
        foreach (VectorWidth width in VectorWidths.All)
        foreach (int threads in width == VectorWidths.Best ? new[] { 1, 3 } : [1])
        {
            using InferenceSession session = new InferenceModel(
                network,
                new InferenceOptions { Threads = threads },
                width
            ).CreateSession();
            IReadOnlyList<Tensor> actual = session.Run(fed);
            Assert.DoesNotContain(session.Layers, l => l.Kernel is "kernel");
            for (int i = 0; i < expected.Count; i++)
                Close(expected[i], actual[i], tolerance, $"{width}, {outputs[i]}");
            if (threads == 1)
                Allocations.None(() => session.Run());
        }
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        ReadOnlySpan<float> e = expected.Span<float>(),
            a = actual.Span<float>();
        for (int i = 0; i < e.Length; i++)
            Assert.True(
                e[i] == a[i]
                    || (float.IsNaN(e[i]) && float.IsNaN(a[i]))
                    || Math.Abs(e[i] - a[i]) <= tolerance * (0.1 + Math.Abs(e[i])),
                $"{what}: element {i} of {actual} is {a[i]}; it must be {e[i]}"
            );
    }
}
