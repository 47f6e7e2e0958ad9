using Decant.Benchmarking;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;
using static Decant.Tests.Formats.Onnx.Models;

namespace Decant.Tests.Cases;

/// <summary>Small networks and data on which quantization has failed, and what comes of them.</summary>
internal static class QuantizedCase
{
    public static readonly ValueInfo Image = Value("x", Core.Shape.Unknown, 3, 8, 8);

    /// <summary>Normal images, the same in every call.</summary>
    public static LabelledImages Images(Core.Shape one, int count = 64, float scale = 1)
    {
        var rng = new Rng(11);
        var shape = new Core.Shape([count, .. one.Dims]);
        float[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => scale * (float)rng.NextNormal())];
        return new LabelledImages("normal", Tensor.Of(shape, values), new int[count], 2);
    }

    /// <summary>A weight of normal values.</summary>
    public static Weight Normal(string name, ulong seed, float scale, params int[] dims)
    {
        var rng = new Rng(seed);
        var shape = new Core.Shape(dims);
        float[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => scale * (float)rng.NextNormal())];
        return new Weight(name, Tensor.Of(shape, values));
    }

    /// <summary>Conv, ReLU, mean over places, Gemm.</summary>
    public static Network Convolution(Weight weight, Weight bias, string conv = "conv", string relu = "relu") =>
        new(
            "",
            [Image],
            [Value("y", Core.Shape.Unknown, 5)],
            [
                new(conv, Make("Conv", ("pads", Many(1, 1, 1, 1))), ["x", weight.Name, bias.Name], ["a"]),
                new(relu, Make("Relu"), ["a"], ["r"]),
                new("pool", Make("GlobalAveragePool"), ["r"], ["g"]),
                new("flat", Make("Flatten"), ["g"], ["f"]),
                new("fc", Make("Gemm"), ["f", "v"], ["y"]),
            ],
            [weight, bias, Normal("v", 5, 0.5f, weight.Encoding.Shape[0], 5)]
        );

    /// <summary>A network after post-training quantization to 8 bits, or as settings say.</summary>
    public static (Network Network, CompressionReport Report) Quantize(
        Network network,
        LabelledImages data,
        QuantizationOptions? settings = null
    )
    {
        Pipeline recipe = QuantizationRecipe.Of(
            network,
            settings ?? new QuantizationOptions { Preprocessing = Preprocessing.None }
        );
        return new Compressor(recipe, new CompressionOptions { Train = data }).Run(network, null);
    }

    public static float[] Ours(Network network, Tensor input) =>
        new InferenceModel(network).CreateSession().Run([input])[0].Array<float>();

    public static float[] OnnxRuntime(Network network, Tensor input)
    {
        using var session = new OnnxRuntimeSession(Bytes(network), new OnnxRuntimeOptions { Threads = 1 });
        return session.Run([input])[0].Array<float>();
    }

    public static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(network, stream);
        return stream.ToArray();
    }

    /// <summary>Signal to quantization noise in dB.</summary>
    public static double Sqnr(float[] whole, float[] quantized) =>
        10
        * Math.Log10(whole.Sum(v => (double)v * v) / whole.Zip(quantized, (a, b) => Math.Pow((double)a - b, 2)).Sum());
}
