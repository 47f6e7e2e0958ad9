using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Xunit;
using Op = Decant.Core.Operators;

namespace Decant.Tests.Runtime.Planning;

/// <summary>QDQ networks stay bytes in a plan and give what the reference gives on floats, to a level.</summary>
public class ByteLayersTests
{
    private readonly List<Node> nodes = [];
    private readonly List<Weight> weights = [];
    private readonly Random random = new(3);

    [Theory]
    [InlineData(3, 16, 32, 9, false)]
    [InlineData(16, 32, 48, 12, false)]
    [InlineData(32, 32, 40, 7, true)]
    [InlineData(5, 16, 32, 8, true)]
    public void BytesAreWithinALevelOfTheReference(int channels, int middle, int outputs, int side, bool signed)
    {
        string x = Quantized("x", 0.02f, signed ? 3 : 120, signed);
        string a = Quantized(Layer("Relu", Conv("conv1", x, channels, middle, 3)), 0.01f, signed ? -128 : 0, signed);
        string b = Quantized(Conv("conv2", a, middle, middle, 3), 0.03f, signed ? 5 : 128, signed);
        string sum = Quantized(Layer("Relu", Layer("Add", b, a)), 0.025f, signed ? -128 : 0, signed);
        string pooled = Layer(
            "MaxPool",
            sum,
            ("kernel_shape", ImmutableArray.Create(2L, 2L)),
            ("strides", ImmutableArray.Create(2L, 2L))
        );
        string joined = Layer(
            "Concat",
            Quantized(pooled, 0.025f, signed ? -128 : 0, signed),
            Quantized(pooled, 0.025f, signed ? -128 : 0, signed),
            ("axis", 1L)
        );
        string y = Conv("conv3", Quantized(joined, 0.025f, signed ? -128 : 0, signed), 2 * middle, outputs, 1);
        var shape = new Shape(2, channels, side, side);
        var network = new Network(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, shape))],
            [new ValueInfo(y, new TensorType(ElementType.Float32, null))],
            [.. nodes],
            weights
        );
        Tensor input = Numbers(shape, 2);
        float[] expected = new ReferenceExecutor(network).Run([input])[0].Array<float>();
        foreach (VectorWidth width in VectorWidths.All)
        foreach (bool bytes in new[] { true, false })
        {
            using InferenceSession session = new InferenceModel(
                network,
                new InferenceOptions { Threads = 2 },
                width,
                bytes
            ).CreateSession();
            float[] actual = session.Run([input])[0].Array<float>();
            LayerProfile[] convolutions = [.. session.Layers.Where(l => l.Macs > 0)];
            Assert.Equal(3, convolutions.Length);
            Assert.All(convolutions, l =>
            {
                Assert.Equal(bytes, l.Kernel.StartsWith("int8", StringComparison.Ordinal));
                Assert.Equal(!bytes, l.Reason.Contains("without VNNI", StringComparison.Ordinal));
            });
            Assert.DoesNotContain(session.Layers, l => l.Kernel == "kernel");
            // A level of the last input, through at most all of its weights; far fewer of them fall on ties.
            float most = expected.Max(Math.Abs);
            for (int i = 0; i < actual.Length; i++)
                Assert.InRange(actual[i] - expected[i], -0.01f * most, 0.01f * most);
            Assert.True(
                actual.Zip(expected).Count(p => Math.Abs(p.First - p.Second) > 1e-5f * most) <= actual.Length / 20
            );
        }
        GivenKernelTests.AnyNodeMayBeTaken(network, [input], 0.01);
    }

    private string Conv(string name, string input, int channels, int outputs, int kernel)
    {
        int count = outputs * channels * kernel * kernel;
        long pad = kernel / 2;
        weights.Add(
            new Weight(
                $"{name}.codes",
                Tensor.Of(
                    new Shape(outputs, channels, kernel, kernel),
                    Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-127, 128)).ToArray()
                )
            )
        );
        weights.Add(
            new Weight(
                $"{name}.scales",
                Tensor.Of(
                    new Shape(outputs),
                    Enumerable
                        .Range(0, outputs)
                        .Select(_ => 0.01f / channels / kernel * (1 + random.NextSingle()))
                        .ToArray()
                )
            )
        );
        weights.Add(new Weight($"{name}.bias", Numbers(new Shape(outputs), 1)));
        nodes.Add(
            new Node(
                $"{name}.weights",
                new Op.DequantizeLinear(new Attributes(("axis", 0L))),
                [$"{name}.codes", $"{name}.scales"],
                [$"{name}.floats"]
            )
        );
        nodes.Add(
            new Node(
                name,
                new Op.Conv(new Attributes(("pads", ImmutableArray.Create(pad, pad, pad, pad)))),
                [input, $"{name}.floats", $"{name}.bias"],
                [$"{name}.y"]
            )
        );
        return $"{name}.y";
    }

    private string Quantized(string value, float scale, int zero, bool signed)
    {
        string name = $"{value}.{nodes.Count}";
        weights.Add(new Weight($"{name}.scale", Tensor.Scalar(scale)));
        weights.Add(new Weight($"{name}.zero", signed ? Tensor.Scalar((sbyte)zero) : Tensor.Scalar((byte)zero)));
        nodes.Add(
            new Node(
                $"{name}.q",
                new Op.QuantizeLinear(Attributes.None),
                [value, $"{name}.scale", $"{name}.zero"],
                [$"{name}.bytes"]
            )
        );
        nodes.Add(
            new Node(
                $"{name}.dq",
                new Op.DequantizeLinear(Attributes.None),
                [$"{name}.bytes", $"{name}.scale", $"{name}.zero"],
                [$"{name}.floats"]
            )
        );
        return $"{name}.floats";
    }

    private string Layer(string type, string input, params ReadOnlySpan<(string, object)> attributes) =>
        Made(type, [input], attributes);

    private string Layer(string type, string a, string b, params ReadOnlySpan<(string, object)> attributes) =>
        Made(type, [a, b], attributes);

    private string Made(string type, ImmutableArray<string> inputs, ReadOnlySpan<(string, object)> attributes)
    {
        string name = $"{type}{nodes.Count}";
        nodes.Add(new Node(name, OperatorCatalogue.Create(type, new Attributes(attributes)), inputs, [name]));
        return name;
    }

    private Tensor Numbers(Shape shape, float size)
    {
        Tensor tensor = Tensor.Zeros(ElementType.Float32, shape);
        foreach (ref float v in tensor.Span<float>())
            v = (random.NextSingle() * 2 - 1) * size;
        return tensor;
    }
}
