using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Benchmarking;

/// <summary>
/// Models of other kinds, as people ship them: they import, and both executors answer as ONNX Runtime does.
/// </summary>
public sealed class WildModelTests
{
    /// <summary>A model, the shapes that its file leaves open, and what a constant is made of.</summary>
    public static TheoryData<string, string, double> Models =>
        new()
        {
            { "ch_PP-OCRv4_det_infer.onnx", "x=1x3x64x96", 1e-4 },
            { "ch_PP-OCRv4_rec_infer.onnx", "x=1x3x48x80", 1e-4 },
            { "ch_ppocr_mobile_v2.0_cls_infer.onnx", "x=2x3x48x192", 1e-4 },
            { "dtln/model_1.onnx", "", 1e-4 },
            { "dtln/model_2.onnx", "", 1e-4 },
            { "embedding_model.onnx", "input_1=2x76x32x1", 1e-3 },
            { "melspectrogram.onnx", "input=1x1280", 1e-3 },
            { "motor-dynamo/motor_model.onnx", "", 1e-4 },
            { "nanodet_m.onnx", "", 1e-3 },
            { "silero_vad_v5.onnx", "input=1x512; state=2x1x128; sr=16000", 1e-4 },
            { "silero_vad_v5.onnx", "input=3x256; state=2x3x128; sr=8000", 1e-4 },
            { "SqueezeNet_fp16.onnx", "", 1e-2 },
            { "ultraface-rfb-320.onnx", "", 1e-4 },
            { "winml-w8a8/model.onnx", "", 1e-3 },
        };

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public void AnswersAreThoseOfOnnxRuntime(string model, string given, double tolerance)
    {
        string? missing = DataFactAttribute.Missing($"models-wild/{model}");
        Skip.If(missing is not null, missing);
        string path = DataFactAttribute.PathOf($"models-wild/{model}");
        OnnxReadOptions options = WildModels.Read(given);
        Network network = OnnxReader.Read(path, options);
        using OnnxRuntimeSession peer = OnnxRuntimeSession.Load(path);
        var rng = new Rng(7);
        Dictionary<string, Tensor> inputs = peer.Inputs.ToDictionary(
            i => i.Name,
            i => WildModels.Input(i, options, rng)
        );
        IReadOnlyList<Tensor> expected = peer.Run([.. peer.Inputs.Select(i => inputs[i.Name])]);
        Tensor[] own = [.. network.Inputs.Select(i => inputs[i.Name])];
        using var reference = new ReferenceExecutor(network);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        foreach (IExecutor executor in new IExecutor[] { reference, session })
            Agree(model, network, expected, executor.Run(own), tolerance);
    }

    private static void Agree(
        string model,
        Network network,
        IReadOnlyList<Tensor> expected,
        IReadOnlyList<Tensor> made,
        double tolerance
    )
    {
        Assert.Equal(expected.Count, made.Count);
        for (int o = 0; o < made.Count; o++)
        {
            Assert.Equal((expected[o].Type, expected[o].Shape), (made[o].Type, made[o].Shape));
            double[] theirs = WildModels.Doubles(expected[o]),
                ours = WildModels.Doubles(made[o]);
            double scale = Math.Max(1, theirs.Max(Math.Abs));
            for (int i = 0; i < ours.Length; i++)
                Assert.True(
                    Math.Abs(ours[i] - theirs[i]) <= tolerance * scale,
                    $"{model}, {network.Outputs[o].Name}[{i}]: {ours[i]} for {theirs[i]}"
                );
        }
    }
}
