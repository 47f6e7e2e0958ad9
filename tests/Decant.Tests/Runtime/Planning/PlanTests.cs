using Decant.Core;
using Decant.Runtime;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Runtime.Planning;

/// <summary>Plans of random networks against the reference executor, which knows neither stages nor fusion.</summary>
public sealed class PlanTests
{
    [Property(MaxTest = 80)]
    public void EveryWidthAndNumberOfThreadsGivesWhatTheReferenceGives(DoNotSize<ulong> seed) => Check(seed.Item);

    /// <summary>Sixties that are clipped at a half: their rounding is seen, and is no fault.</summary>
    [Fact]
    public void LargeValuesThatAreClippedAreWithinTheirRounding() => Check(15571215014277687783);

    /// <summary>Packed weights are shared by name, but what a window makes of them is not.</summary>
    [Fact]
    public void ConvolutionsOfOneSparseWeightKeepTheirOwnWindows()
    {
        var rng = new Rng(2);
        Tensor weight = OneNode.Random(rng, 8, 4, 3, 3);
        for (int i = 0; i < weight.Count; i++)
            if (i % 20 != 0)
                weight.Span<float>()[i] = 0;
        Attributes[] windows =
        [
            OneNode.With(("pads", OneNode.Ints(1, 1, 1, 1))),
            OneNode.With(("pads", OneNode.Ints(2, 2, 2, 2)), ("dilations", OneNode.Ints(2, 2))),
            OneNode.With(("strides", OneNode.Ints(2, 2))),
        ];
        var network = new Network(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(-1, 4, 9, 9)))],
            [.. windows.Select((_, i) => new ValueInfo($"y{i}", new TensorType(ElementType.Float32, null)))],
            [
                .. windows.Select(
                    (w, i) => new Node($"n{i}", OperatorCatalogue.Create("Conv", w), ["x", "w"], [$"y{i}"])
                ),
            ],
            [new Weight("w", SparseEncoding.FromNonZeros(weight))]
        );
        Check(network, VectorWidths.Best, [Fed.Of(network, 1, 3), Fed.Of(network, 2, 4)], "one weight");
    }

    /// <summary>
    /// A step over single taps is not the image itself, even where padding after it makes the sizes equal.
    /// </summary>
    [Fact]
    public void ASingleTapMayStillStep()
    {
        var network = new Network(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(1, 1, 3)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [
                new Node(
                    "n",
                    OperatorCatalogue.Create(
                        "Conv",
                        OneNode.With(("pads", OneNode.Ints(0, 2)), ("strides", OneNode.Ints(2)))
                    ),
                    ["x", "w"],
                    ["y"]
                ),
            ],
            [new Weight("w", Tensor.Of(new Shape(1, 1, 1), new[] { 1f }))]
        );
        Tensor x = Tensor.Of(new Shape(1, 1, 3), new[] { 1f, 2f, 3f });
        using InferenceSession session = new InferenceModel(network).CreateSession();
        Assert.Equal([1f, 3f, 0f], session.Run([x])[0].Array<float>());
        Assert.Equal([1f, 3f, 0f], new ReferenceExecutor(network).Run([x])[0].Array<float>());
    }

    internal static void Check(ulong seed)
    {
        Network network = RandomNetwork.Of(seed);
        int batch = 1 + (int)(seed % 3);
        Fed[] fed = [Fed.Of(network, batch, seed), Fed.Of(network, batch % 3 + 1, seed + 1)];
        foreach (VectorWidth width in VectorWidths.All)
            Check(network, width, fed, $"seed {seed}, {width}");
    }

    private static void Check(Network network, VectorWidth width, Fed[] fed, string what)
    {
        using InferenceSession one = Session(network, width, 1);
        var first = Array.ConvertAll(fed, f => one.Run(f.Inputs));
        for (int i = 0; i < fed.Length; i++)
            Close(network, fed[i], first[i], $"{what}, batch {i}");
        Same(first[0], one.Run(fed[0].Inputs), $"{what}, again");
        for (int threads = 2; threads <= 3; threads++)
        {
            using InferenceSession more = Session(network, width, threads);
            for (int i = 0; i < fed.Length; i++)
                Same(first[i], more.Run(fed[i].Inputs), $"{what}, {threads} threads, batch {i}");
            InPlace(network, more, fed[0], first[0], $"{what}, {threads} threads, in place");
        }
    }

    /// <summary>The way without tensors: twice, the second time on inputs that are still there.</summary>
    private static void InPlace(
        Network network,
        InferenceSession session,
        Fed fed,
        IReadOnlyList<Tensor> expected,
        string what
    )
    {
        session.Prepare([.. fed.Inputs.Select(t => t.Shape)]);
        for (int i = 0; i < fed.Inputs.Length; i++)
            fed.Inputs[i].Span<float>().CopyTo(session.Input<float>(network.Inputs[i].Name));
        for (int run = 0; run < 2; run++)
        {
            session.Run();
            for (int i = 0; i < expected.Count; i++)
            {
                Assert.Equal(expected[i].Shape, session.OutputShape(network.Outputs[i].Name));
                Assert.True(
                    expected[i].Span<float>().SequenceEqual(session.Output<float>(network.Outputs[i].Name)),
                    $"{what}, run {run}: '{network.Outputs[i].Name}' differs"
                );
            }
        }
    }

    /// <summary>The network with all floats that it computes as outputs after its own.</summary>
    private static Network WithAllFloats(Network network)
    {
        NetworkShapes shapes = NetworkShapes.Of(network);
        IEnumerable<string> floats = network
            .Nodes.SelectMany(n => n.Outputs)
            .Where(v => v.Length > 0 && shapes[v] is { Type: ElementType.Float32 })
            .Except(network.Outputs.Select(o => o.Name));
        return new Network(
            network.Name,
            network.Inputs,
            [.. network.Outputs, .. floats.Select(v => new ValueInfo(v, shapes[v]!))],
            network.Nodes,
            network.Weights
        );
    }

    private static InferenceSession Session(Network network, VectorWidth width, int threads) =>
        new InferenceModel(network, new InferenceOptions { Threads = threads }, width).CreateSession();

    /// <summary>
    /// Within 10⁻⁴ of the largest number of an output, or of 1: values are of that size, and few layers follow each
    /// other. Where larger values are clipped, within what rounding leaves of those.
    /// </summary>
    private static void Close(Network network, Fed fed, IReadOnlyList<Tensor> actual, string what)
    {
        const double Rounding = 3e-6;
        IReadOnlyList<Tensor> expected = fed.Expected;
        for (int o = 0; o < expected.Count; o++)
        {
            Assert.True(
                expected[o].Shape == actual[o].Shape,
                $"{what}: '{network.Outputs[o].Name}' is {actual[o].Shape}, not {expected[o].Shape}"
            );
            float[] e = expected[o].Array<float>(),
                a = actual[o].Array<float>();
            double most = Math.Max(1e-4 * Math.Max(1, LargestOf(e)), Rounding * fed.Largest);
            for (int i = 0; i < e.Length; i++)
                Assert.True(
                    e[i].Equals(a[i]) || Math.Abs(e[i] - a[i]) <= most,
                    $"{what}: '{network.Outputs[o].Name}' {actual[o].Shape} at {i} is {a[i]}, not {e[i]}"
                );
        }
    }

    private static double LargestOf(float[] values) =>
        values.Where(float.IsFinite).Select(v => Math.Abs((double)v)).DefaultIfEmpty().Max();

    private static void Same(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual, string what)
    {
        for (int o = 0; o < expected.Count; o++)
            Assert.True(
                expected[o].Shape == actual[o].Shape
                    && expected[o].Span<float>().SequenceEqual(actual[o].Span<float>()),
                $"{what}: output {o} differs"
            );
    }

    /// <summary>Inputs, and what the reference makes of them.</summary>
    private sealed record Fed(Tensor[] Inputs, IReadOnlyList<Tensor> Expected, double Largest)
    {
        public static Fed Of(Network network, int batch, ulong seed)
        {
            var rng = new Rng(seed);
            Tensor[] inputs =
            [
                .. network.Inputs.Select(i =>
                    OneNode.Random(rng, [.. i.Type.Shape!.Value.Dims.Select(d => d < 0 ? batch : d)])
                ),
            ];
            using var reference = new ReferenceExecutor(WithAllFloats(network), 1);
            IReadOnlyList<Tensor> values = reference.Run(inputs);
            return new Fed(
                inputs,
                [.. values.Take(network.Outputs.Length)],
                values.Where(v => v.Type == ElementType.Float32).Max(v => LargestOf(v.Array<float>()))
            );
        }
    }
}
