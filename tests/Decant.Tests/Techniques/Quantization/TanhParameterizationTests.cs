using Decant.Coding;
using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

[Collection("libtorch")]
public sealed class TanhParameterizationTests
{
    [TorchFact]
    public void AWeightBeginsWithinHalfAStepOfItself()
    {
        foreach (int bits in new[] { 2, 5, 9 })
            BeginsWithinHalfAStep(bits);
    }

    private static void BeginsWithinHalfAStep(int bits)
    {
        var rng = new Rng((ulong)bits);
        float[] numbers = [.. Enumerable.Range(0, 60).Select(_ => (float)rng.NextNormal())];
        float largest = numbers.Max(Math.Abs),
            step = 2 * largest / ((1 << bits) - 1);
        using var scope = new TorchScope();
        using var parameterization = new TanhParameterization(Tensor.Of(new Shape(4, 15), numbers), bits);
        float[] seen = parameterization.Effective().ToArray<float>();
        for (int i = 0; i < numbers.Length; i++)
            Assert.InRange(Math.Abs(seen[i] - numbers[i]), 0, step / 2 * 1.001f);
        Assert.Equal(largest, seen.Max(Math.Abs), 1e-5f);
        LinearEncoding encoding = Assert.IsType<LinearEncoding>(parameterization.ToEncoding());
        Assert.Equal(bits + 1, encoding.Bits);
        float[] held = encoding.Decode().Array<float>();
        for (int i = 0; i < held.Length; i++)
            Assert.Equal(seen[i], held[i], 1e-5f);
        using var again = new TanhParameterization(encoding.Decode(), bits);
        Assert.Equal(held, again.ToEncoding().Decode().Array<float>());
    }

    [TorchFact]
    public void GradientsAreThoseOfTheFunctionWithoutSteps()
    {
        float[] numbers = [0.9f, -0.4f, 0.2f, -1.1f],
            weights = [1f, -2, 0.5f, 3];
        using var scope = new TorchScope();
        using var parameterization = new TanhParameterization(Tensor.Vector(numbers), 4);
        float[] theta = parameterization.Parameter.ToArray<float>();
        parameterization.Effective().Mul(TorchTensor.From<float>(weights, 4)).Sum().Backward();
        float[] gradient = parameterization.Parameter.Grad!.ToArray<float>();
        for (int i = 0; i < 4; i++)
        {
            double Loss(double shift)
            {
                double[] squashed = [.. theta.Select((t, j) => Math.Tanh(j == i ? t + shift : t))];
                return squashed.Select((s, j) => weights[j] * 1.1 * s / squashed.Max(Math.Abs)).Sum();
            }
            Assert.Equal((Loss(1e-5) - Loss(-1e-5)) / 2e-5, gradient[i], 1e-3);
        }
    }

    [TorchFact]
    public void AWeightOfZerosStaysFinite()
    {
        using var scope = new TorchScope();
        using var parameterization = new TanhParameterization(Tensor.Vector(0f, 0), 3);
        TorchTensor seen = parameterization.Effective();
        Assert.Equal([0f, 0], seen.ToArray<float>());
        seen.Sum().Backward();
        Assert.All(parameterization.Parameter.Grad!.ToArray<float>(), g => Assert.True(float.IsFinite(g)));
    }

    [TorchFact]
    public void APrunedWeightIsRefused()
    {
        Network network = TinyRun.Network();
        var pruned = new Weight(
            "fc1.weight",
            SparseEncoding.FromNonZeros(network.Weights["fc1.weight"].Encoding.Decode())
        );
        Assert.Contains(
            "'fc1.weight' is pruned",
            Assert
                .Throws<ModelException>(() =>
                    Options
                        .Make("quantization-aware-training", ("transform", "tanh"))
                        .During(new TechniqueContext(network, [pruned]))
                )
                .Message
        );
    }

    [TorchFact]
    public void ARecipeTrainsThroughIt()
    {
        const string Yaml = """
            recipe: tiny
            techniques:
              learn: {technique: quantization-aware-training, bits: 3, transform: tanh}
            stages:
              - {name: first, epochs: 8, batch: 20, learning-rate: 0.02}
              - {name: learn, use: learn, epochs: 6, batch: 20, learning-rate: 0.01}
            """;
        (byte[] bytes, Decant.Reports.CompressionReport report) = TinyRun.Run(
            TinyRun.Options(null) with
            {
                Test = TinyRun.Test,
            },
            Yaml
        );
        using var stream = new MemoryStream(bytes);
        var linear = Assert.IsType<LinearEncoding>(
            DcntReader.Open(stream).ReadNetwork().Weights["fc1.weight"].Encoding
        );
        Assert.True(linear.Codes.ToArray().All(c => c % 2 != 0));
        Assert.True(report.After!.Primary.Value > 0.4, $"{report.After!.Primary.Value}");
    }

    [Theory]
    [InlineData("per", "tensor")]
    [InlineData("scales", "fixed")]
    public void OptionsOfOtherGridsAreRefused(string option, string value) =>
        Assert.Contains(
            $"'{option}' has no effect with 'transform: tanh'",
            Assert
                .Throws<OptionsException>(() =>
                    Options.Make("quantization-aware-training", ("transform", "tanh"), (option, value))
                )
                .Message
        );
}
