using Decant.Coding;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

[Collection("libtorch")]
public sealed class QuantizationTrainingTests
{
    private const string Yaml = """
        recipe: tiny
        techniques:
          activations: {technique: activation-quantization, bits: 3}
          learn: {technique: quantization-aware-training, bits: 3}
        stages:
          - {name: first, epochs: 8, batch: 20, learning-rate: 0.02}
          - {name: place, use: activations}
          - {name: learn, use: learn, epochs: 6, batch: 20, learning-rate: 0.01}
        """;

    [TorchFact]
    public void TrainingEndsOnTheGridsAndTheirScalesMove()
    {
        (byte[] bytes, Decant.Reports.CompressionReport report) = TinyRun.Run(
            TinyRun.Options(null) with
            {
                Test = TinyRun.Test,
            },
            Yaml
        );
        using var stream = new MemoryStream(bytes);
        Network network = DcntReader.Open(stream).ReadNetwork();
        Assert.Equal((3, 3), (Linear(network, "fc1.weight").Bits, Linear(network, "fc2.weight").Bits));
        Assert.True(report.After!.Primary.Value > 0.4, $"{report.After!.Primary.Value}");
        (byte[] placed, _) = TinyRun.Run(
            TinyRun.Options(null),
            Yaml[..Yaml.IndexOf("  - {name: learn", StringComparison.Ordinal)]
                .Replace("  learn: {technique: quantization-aware-training, bits: 3}\n", "", StringComparison.Ordinal)
        );
        using var before = new MemoryStream(placed);
        Network first = DcntReader.Open(before).ReadNetwork();
        Assert.NotEqual(Number(first, "relu1.scale"), Number(network, "relu1.scale"));
        // The end of the clip stays the grid's last step.
        Assert.Equal(7 * Number(network, "relu1.scale"), Number(network, "relu1.high"), 1e-5f);
        Assert.Equal(8, Levels(network));
    }

    [TorchFact]
    public void BitsFallOverAStagesRounds()
    {
        string yaml = Yaml.Replace("training, bits: 3", "training, from: 7, bits: 3", StringComparison.Ordinal)
            .Replace("use: learn, epochs: 6", "use: learn, rounds: 3, epochs: 2", StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        TinyRun.Run(TinyRun.Options(folder["run"]), yaml);
        string[] rounds =
        [
            .. Directory.GetFiles(folder["run"], "round-*.dcnt").Order(StringComparer.Ordinal).TakeLast(3),
        ];
        Assert.Equal([7, 5, 3], rounds.Select(r => Linear(Models.Load(r), "fc1.weight").Bits));
        Assert.Contains(
            "from 3 to 16",
            Assert
                .Throws<OptionsException>(() =>
                    Options.Make("quantization-aware-training", ("bits", "3"), ("from", "2"))
                )
                .Message
        );
    }

    [TorchFact]
    public void ScalesStayWhereTheyAreNotToBeLearned()
    {
        Network Made(string more)
        {
            using var stream = new MemoryStream(
                TinyRun
                    .Run(
                        TinyRun.Options(null),
                        Yaml.Replace("training, bits: 3", $"training, bits: 3{more}", StringComparison.Ordinal)
                    )
                    .Bytes
            );
            return DcntReader.Open(stream).ReadNetwork();
        }
        Network learned = Made(""),
            still = Made(", clips: fixed, scales: fixed");
        Assert.NotEqual(Number(learned, "relu1.scale"), Number(still, "relu1.scale"));
        Assert.NotEqual(Linear(learned, "fc1.weight").Scales.ToArray(), Linear(still, "fc1.weight").Scales.ToArray());
    }

    private static LinearEncoding Linear(Network network, string weight) =>
        Assert.IsType<LinearEncoding>(network.Weights[weight].Encoding);

    private static float Number(Network network, string weight) =>
        network.Weights[weight].Encoding.Decode().Array<float>()[0];

    /// <summary>How many different values the second layer reads.</summary>
    private static int Levels(Network network)
    {
        Node quantizer = network.Nodes.First(n => n.Operator is QuantizeLinear && n.Name == "relu1.quantize");
        var codes = new Network(
            "",
            network.Inputs,
            [new ValueInfo(quantizer.Outputs[0], new TensorType(ElementType.UInt8, null))],
            network.Nodes,
            network.Weights
        );
        Tensor images = Tensor.Of(
            new Shape(200, 1, 7, 7),
            Array.ConvertAll(TinyRun.Train.Images.Array<byte>(), b => b / 255f)
        );
        return new ReferenceExecutor(codes, 1).Run([images])[0].Array<byte>().Distinct().Count();
    }
}
