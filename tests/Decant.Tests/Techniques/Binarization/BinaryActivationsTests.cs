using Decant.Coding;
using Decant.Core;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Benchmarking;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Techniques.Binarization;

[Collection("libtorch")]
public sealed class BinaryActivationsTests
{
    [TorchFact]
    public void LayersReadSignsTimesTheMeanMagnitudeOfTheirWindow()
    {
        Network network = Images(),
            signed = Apply(network);
        Tensor[] images = SameAnswers.Inputs(network, 2);
        float[] x = Value(signed, "bn1", images),
            made = Value(signed, "conv2", images);
        Tensor weight = network.Weights["conv2.weight"].Encoding.Decode();
        // Checked against sums written out: 2 images, 4 channels of 6×6 padded by 1, 3 filters.
        for (int n = 0; n < 2; n++)
        for (int f = 0; f < 3; f++)
        for (int i = 0; i < 36; i++)
        {
            double sum = 0,
                k = 0;
            for (int c = 0; c < 4; c++)
            for (int w = 0; w < 9; w++)
            {
                int row = i / 6 + w / 3 - 1,
                    column = i % 6 + w % 3 - 1;
                if (row is < 0 or > 5 || column is < 0 or > 5)
                    continue;
                float v = x[n * 144 + c * 36 + row * 6 + column];
                sum += (v >= 0 ? 1 : -1) * weight.Array<float>()[f * 36 + c * 9 + w];
                k += Math.Abs(v) / 36;
            }
            Assert.Equal(sum * k, made[n * 108 + f * 36 + i], 1e-4);
        }
    }

    [TorchFact]
    public void AGradientPassesASignWithinOne()
    {
        Network network = Apply(Images());
        using var torch = new TrainingNetwork(network);
        Assert.DoesNotContain("conv2.one", torch.Parameterizations.Keys);
        using var scope = new TorchScope();
        TorchTensor images = Ops.Rand([2, 4, 6, 6]);
        torch.Forward(training: true, images)[0].Sum().Backward();
        Assert.True(torch.Parameterizations["conv1.weight"].Parameter.Grad!.Abs().Sum().ToDouble() > 0);
        TorchTensor x = TorchTensor.From<float>([-2, -0.5f, 0, 0.5f, 2], 5);
        x.RequiresGrad = true;
        TorchTensor signs = StraightThrough.Sign(x);
        Assert.Equal([-1f, -1, 1, 1, 1], signs.ToArray<float>());
        signs.Sum().Backward();
        Assert.Equal([0f, 1, 1, 1, 0], x.Grad!.ToArray<float>());
    }

    [TorchFact]
    public void ATrainedNetworkOfSignsRunsOnBits()
    {
        const string Yaml = """
            recipe: signs
            techniques:
              read: {technique: binary-activations, weights: fc2.weight}
              few: {technique: binarization, weights: fc2.weight}
            stages:
              - {name: place, use: read}
              - {name: learn, use: few, epochs: 2, batch: 20}
            """;
        (byte[] bytes, Decant.Reports.CompressionReport report) = TinyRun.Run(
            TinyRun.Options(null) with
            {
                Test = TinyRun.Test,
            },
            Yaml
        );
        Assert.NotNull(report.After);
        using var stream = new MemoryStream(bytes);
        Network network = DcntReader.Open(stream).ReadNetwork();
        Assert.IsType<BinaryEncoding>(network.Weights["fc2.weight"].Encoding);
        Assert.Equal(
            [0f, 1, -1],
            new[] { "fc2.zero", "fc2.one", "fc2.minus-one" }.Select(w =>
                network.Weights[w].Encoding.Decode().Array<float>()[0]
            )
        );
    }

    [Fact]
    public void AConvolutionOfSignsIsCountedInBits()
    {
        Network network = Apply(Images());
        network = network.With(
            new Dictionary<string, Encoding>
            {
                ["conv2.weight"] = Options
                    .Make("binarization")
                    .Plan(new TechniqueContext(network, [network.Weights["conv2.weight"]]))[0]
                    .Apply(network)
                    .Weights["conv2.weight"]
                    .Encoding,
            }
        );
        using InferenceSession session = new InferenceModel(network).CreateSession();
        session.Prepare([new Shape(1, 4, 6, 6)]);
        Assert.Contains(session.Layers, l => l.Name == "conv2" && l.Kernel == "binary");
        Tensor[] images = SameAnswers.Inputs(network, 1);
        SameAnswers.Within(1e-4, new ReferenceExecutor(network, 1).Run(images), session.Run(images), "bits");
    }

    [Fact]
    public void WhatCannotReadSignsIsNamed() =>
        Assert.Contains(
            "weight 'bn1.weight' is none of a convolution",
            Assert
                .Throws<ModelException>(() =>
                    Options
                        .Make("binary-activations")
                        .Plan(new TechniqueContext(Images(), [Images().Weights["bn1.weight"]]))
                )
                .Message
        );

    private static Network Images() =>
        new NetworkBuilder("images", 4, new Shape(Shape.Unknown, 4, 6, 6))
            .PaddedConv("conv1", 4, 3)
            .BatchNorm("bn1")
            .PaddedConv("conv2", 3, 3)
            .Flatten("flat")
            .Gemm("fc", 5)
            .Build();

    private static Network Apply(Network network) =>
        Options
            .Make("binary-activations")
            .Plan(new TechniqueContext(network, [network.Weights["conv2.weight"]]))
            .Aggregate(network, (n, change) => change.Apply(n));

    private static float[] Value(Network network, string node, Tensor[] images)
    {
        string value = network
            .Nodes.First(n =>
                n.Outputs[0] == network.Nodes.Last(m => m.Name == node || m.Name == $"{node}.scale").Outputs[0]
            )
            .Outputs[0];
        var alone = new Network(
            "",
            network.Inputs,
            [new ValueInfo(value, new TensorType(Decant.Core.ElementType.Float32, null))],
            network.Nodes,
            network.Weights
        );
        return new ReferenceExecutor(alone, 1).Run(images)[0].Array<float>();
    }
}
