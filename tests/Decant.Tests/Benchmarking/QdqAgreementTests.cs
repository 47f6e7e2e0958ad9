using Decant.Benchmarking;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Formats.Onnx;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;
using Decant.Runtime;
using Decant.Techniques.Quantization;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Benchmarking;

/// <summary>QDQ models in ONNX Runtime against the managed runtime.</summary>
[Collection("libtorch")]
public sealed class QdqAgreementTests
{
    [OnnxRuntimeFact]
    public void EveryLayersCodesAreWithinOneLevel()
    {
        Network network = TinyRun.Convolutions();
        foreach (var (weights, activations) in new[] { (8, 8), (4, 8), (8, 4) })
        {
            Network quantized = QdqWeights.Of(Quantize(network, weights, activations));
            ValueInfo[] codes =
            [
                .. quantized
                    .Nodes.Where(n => n.Operator is QuantizeLinear)
                    .Select(n => new ValueInfo(n.Outputs[0], new TensorType(ElementType.UInt8, null))),
            ];
            Assert.True(codes.Length >= 4);
            var all = new Network(
                "",
                quantized.Inputs,
                [.. quantized.Outputs, .. codes],
                quantized.Nodes,
                quantized.Weights
            );
            Tensor[] images =
            [
                Tensor.Of(
                    new Shape(30, 1, 7, 7),
                    Array.ConvertAll(TinyRun.Train.Images.Array<byte>()[..1470], b => b / 255f)
                ),
            ];
            using var theirs = new OnnxRuntimeSession(Bytes(all), new OnnxRuntimeOptions { Threads = 1 });
            IReadOnlyList<Tensor> reference = theirs.Run(images),
                ours = new InferenceModel(all).CreateSession().Run(images);
            for (int i = 1; i < ours.Count; i++)
                Assert.InRange(
                    reference[i].Array<byte>().Zip(ours[i].Array<byte>(), (a, b) => Math.Abs(a - b)).Max(),
                    0,
                    1
                );
        }
    }

    [OnnxRuntimeFact]
    public void AnExportOfIntegersComputesWhatItsWeightsDecodeTo()
    {
        Network network = Quantize(TinyRun.Convolutions(), 4, 0);
        Tensor[] images = SameAnswers.Inputs(network, 3);
        IReadOnlyList<Tensor> expected = new ReferenceExecutor(network, 1).Run(images);
        foreach (bool int4 in new[] { false, true })
        {
            Network export = QdqWeights.Of(network, int4);
            Assert.Equal(
                int4 ? ElementType.Int4 : ElementType.UInt8,
                export.Weights["conv1.weight.codes"].Encoding.Type
            );
            SameAnswers.Within(1e-5, expected, new ReferenceExecutor(export, 1).Run(images), "ours");
            using var theirs = new OnnxRuntimeSession(Bytes(export), new OnnxRuntimeOptions { Threads = 1 });
            SameAnswers.Within(1e-4, expected, theirs.Run(images), "ONNX Runtime");
        }
    }

    [OnnxRuntimeFact]
    public void WeightsInBlocksComputeTheSame()
    {
        Network network = TextNetwork.Of(vocabulary: 300, width: 40, outputs: 6);
        foreach (int bits in new[] { 4, 6, 8 })
        foreach (QuantizationScheme scheme in new[] { QuantizationScheme.Symmetric, QuantizationScheme.Asymmetric })
        {
            Network quantized = new Compressor(
                QuantizationRecipe.Of(
                    network,
                    new QuantizationOptions
                    {
                        WeightBits = bits,
                        WeightsOnly = true,
                        Block = 16,
                        WeightScheme = scheme,
                    }
                ),
                new CompressionOptions()
            ).Run(network, null).Network;
            Assert.Equal(
                [("table", 16), ("w1", 16), ("w2", 16)],
                quantized
                    .Weights.Where(w => w.Encoding is LinearEncoding)
                    .Select(w => (w.Name, ((LinearEncoding)w.Encoding).Block))
            );
            Tensor[] ids = [Tensor.Of(new Shape(3, 5), [.. Enumerable.Range(0, 15).Select(i => 19L * i % 300)])];
            IReadOnlyList<Tensor> expected = new ReferenceExecutor(quantized, 1).Run(ids);
            SameAnswers.Within(1e-5, expected, new InferenceModel(quantized).CreateSession().Run(ids), "ours");
            foreach (bool int4 in bits == 4 ? new[] { false, true } : [false])
            {
                Network export = QdqWeights.Of(quantized, int4);
                string what = $"{bits} bits, {scheme}, {(int4 ? "int4" : "uint8")}";
                SameAnswers.Within(1e-5, expected, new ReferenceExecutor(export, 1).Run(ids), $"ours, {what}");
                foreach (var (optimizes, floats) in new[] { (false, false), (true, true), (true, false) })
                {
                    // Without a word to the contrary, optimized products round activations to int8.
                    double share = optimizes && !floats ? 0.02 : 1e-4;
                    using var theirs = new OnnxRuntimeSession(
                        Bytes(export),
                        new OnnxRuntimeOptions { Optimizes = optimizes, MultipliesFloats = floats }
                    );
                    SameAnswers.Within(share, expected, theirs.Run(ids), $"theirs, {what}, {optimizes}, {floats}");
                }
            }
        }
    }

    private static Network Quantize(Network network, int weights, int activations)
    {
        Pipeline recipe = QuantizationRecipe.Of(
            network,
            new QuantizationOptions { WeightBits = weights, ActivationBits = activations }
        );
        return new Compressor(recipe, new CompressionOptions { Train = TinyRun.Train }).Run(network, null).Network;
    }

    private static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(network, stream);
        return stream.ToArray();
    }
}
