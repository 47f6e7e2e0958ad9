using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;
using static Decant.Tests.Training.Operators.ExecutorComparison;

namespace Decant.Tests.Training.Operators;

/// <summary>
/// Gradients of libtorch against finite differences of the managed runtime, in every number of every weight.
/// </summary>
[Collection("libtorch")]
public sealed class GradientTests
{
    private readonly Rng rng = new(8);

    [TorchFact]
    public void Recurrences()
    {
        foreach (var (type, gates) in new[] { ("RNN", 1), ("GRU", 3), ("LSTM", 4) })
            Check(
                type,
                OneNode.With(("direction", "bidirectional")),
                2,
                Make(3, 2, 2),
                Make(2, gates * 2, 2),
                Make(2, gates * 2, 2),
                Make(2, gates * 4),
                Tensor.Vector(3, 2),
                Make(2, 2, 2)
            );
        Check(
            "LSTM",
            Attributes.None,
            3,
            Make(2, 1, 2),
            Make(1, 8, 2),
            Make(1, 8, 2),
            null,
            null,
            null,
            Make(1, 1, 2),
            Make(1, 6)
        );
        Check(
            "GRU",
            OneNode.With(("linear_before_reset", 1L)),
            1,
            Make(2, 1, 2),
            Make(1, 6, 2),
            Make(1, 6, 2),
            Make(1, 12)
        );
    }

    [TorchFact]
    public void Normalizations()
    {
        Check("LayerNormalization", OneNode.With(("epsilon", 0.1f)), 3, Make(3, 4), Make(4), Make(4));
        Check("RMSNormalization", OneNode.With(("epsilon", 0.1f)), 1, Make(3, 4), Make(4));
        Check(
            "GroupNormalization",
            OneNode.With(("num_groups", 2L), ("epsilon", 0.1f)),
            1,
            Make(2, 4, 3),
            Make(4),
            Make(4)
        );
        Check("InstanceNormalization", OneNode.With(("epsilon", 0.1f)), 1, Make(2, 3, 4), Make(3), Make(3));
        Check("LRN", OneNode.With(("size", 3L), ("alpha", 0.5f)), 1, Make(2, 4, 3));
        Check("LogSoftmax", Attributes.None, 1, Make(3, 4));
        Check("LpPool", OneNode.With(("kernel_shape", OneNode.Ints(2, 2))), 1, Make(1, 2, 3, 3));
    }

    [TorchFact]
    public void Spaces()
    {
        Check(
            "ConvTranspose",
            OneNode.With(("strides", OneNode.Ints(2, 1)), ("pads", OneNode.Ints(1, 0, 0, 1))),
            1,
            Make(1, 2, 2, 3),
            Make(2, 2, 3, 2),
            Make(2)
        );
        foreach (string mode in new[] { "nearest", "linear", "cubic" })
            Check(
                "Resize",
                OneNode.With(("mode", mode)),
                1,
                Make(1, 2, 3, 4),
                null,
                null,
                Tensor.Vector<long>(1, 2, 5, 2)
            );
        Check("DepthToSpace", OneNode.With(("blocksize", 2L)), 1, Make(1, 4, 2, 1));
        Check("SpaceToDepth", OneNode.With(("blocksize", 2L)), 1, Make(1, 1, 2, 4));
    }

    [TorchFact]
    public void Movements()
    {
        Check("Gather", Attributes.None, 1, Make(3, 2), Tensor.Vector<long>(2, 0, 2, -1));
        Check("GatherElements", Attributes.None, 1, Make(3, 2), Tensor.Of(new Shape(2, 2), new long[] { 2, 0, 2, 1 }));
        Check("GatherND", Attributes.None, 1, Make(3, 2), Tensor.Of(new Shape(2, 1), new long[] { 1, 1 }));
        Check(
            "ScatterElements",
            OneNode.With(("reduction", "add")),
            1,
            Make(3, 2),
            Tensor.Of(new Shape(1, 2), new long[] { 2, 0 }),
            Make(1, 2)
        );
        Check("Expand", Attributes.None, 1, Make(2, 1), Tensor.Vector<long>(3, 1, 4));
        Check("Tile", Attributes.None, 1, Make(2, 2), Tensor.Vector<long>(2, 3));
        Check("Split", OneNode.With(("num_outputs", 2L)), 2, Make(3, 2));
        Check("Trilu", Attributes.None, 1, Make(3, 3));
        Check("Squeeze", Attributes.None, 1, Make(2, 1, 3));
        Check("Unsqueeze", Attributes.None, 1, Make(2, 3), Tensor.Vector<long>(1));
        Check(
            "TopK",
            Attributes.None,
            1,
            Tensor.Of(new Shape(2, 3), new float[] { 3, 1, 2, -1, 4, 0 }),
            Tensor.Vector<long>(2)
        );
    }

    private Tensor Make(params int[] dims) => Random(rng, dims);

    /// <summary>The loss is each output times fixed numbers, summed.</summary>
    private static void Check(string type, Attributes attributes, int outputs, params Tensor?[] inputs)
    {
        Network fed = OneNode.Of(type, attributes, outputs, inputs);
        var network = new Network(
            "one",
            [],
            fed.Outputs,
            fed.Nodes,
            inputs.Select((t, i) => (t, i)).Where(p => p.t is not null).Select(p => new Weight($"x{p.i}", p.t!))
        );
        using var scope = new TorchScope();
        using var training = new TrainingNetwork(network);
        TorchTensor loss = TorchTensor.Scalar(0f);
        foreach (TorchTensor y in training.Forward(training: true))
            loss = loss.Add(y.Mul(TorchTensor.From<float>(Factors((int)y.ElementCount), y.Shape)).Sum());
        loss.Backward();
        Assert.Equal(inputs.Count(t => t?.Type == Decant.Core.ElementType.Float32), training.Parameterizations.Count);
        foreach (var (name, parameterization) in training.Parameterizations)
        {
            Assert.True(parameterization.Parameter.Grad is not null, $"no gradient reaches {name} of {type}");
            CheckOne(
                $"{type} {name}",
                parameterization.Parameter.Grad!.ToArray<float>(),
                network,
                inputs,
                int.Parse(name[1..], null)
            );
        }
    }

    private static void CheckOne(string what, float[] gradient, Network network, Tensor?[] inputs, int changed)
    {
        const float Step = 1e-2f;
        for (int i = 0; i < gradient.Length; i++)
        {
            double difference =
                (Loss(network, inputs[changed]!, changed, i, Step) - Loss(network, inputs[changed]!, changed, i, -Step))
                / (2 * Step);
            Assert.True(
                Math.Abs(difference - gradient[i]) <= 5e-3 * (1 + Math.Abs(difference)),
                $"{what}: the gradient of element {i} is {gradient[i]}, differences say {difference}"
            );
        }
    }

    private static double Loss(Network network, Tensor weight, int changed, int element, float step)
    {
        Tensor moved = weight.Clone();
        moved.Span<float>()[element] += step;
        using var executor = new ReferenceExecutor(
            network.With(new Dictionary<string, Encoding> { [$"x{changed}"] = new DenseEncoding(moved) }),
            1
        );
        return executor.Run([]).Sum(y => y.Array<float>().Zip(Factors(y.Count), (v, f) => (double)v * f).Sum());
    }

    private static float[] Factors(int count) =>
        [.. Enumerable.Range(0, count).Select(i => MathF.Sin(1.7f * i + 0.3f))];
}
