using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Pipelines;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using Decant.Tests.Benchmarking;
using Xunit;
using Xunit.Abstractions;

namespace Decant.Tests.Techniques.Pruning;

/// <summary>
/// Real models, pruned where nothing is named: what comes out computes in ONNX Runtime what it computes here. Large
/// ones only with DECANT_LONG=1.
/// </summary>
public sealed class WildModelPruningTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("DECANT_LONG") == "1";

    /// <summary>A model, the shapes that its file leaves open, and why no channel of it can be pruned.</summary>
    public static TheoryData<string, string, string?> Models
    {
        get
        {
            const string State = "is fixed by input '";
            var models = new TheoryData<string, string, string?>
            {
                { "models/lenet-5-caffe.onnx", "", null },
                { "models/resnet20-bn-cifar10.onnx", "", null },
                { "models-wild/ch_ppocr_mobile_v2.0_cls_infer.onnx", "x=1x3x48x192", null },
                { "models-wild/dtln/model_1.onnx", "", State },
                { "models-wild/embedding_model.onnx", "input_1=1x76x32x1", null },
                { "models-wild/melspectrogram.onnx", "input=1x1280", null },
                { "models-wild/motor-dynamo/motor_model.onnx", "", null },
                { "models-wild/silero_vad_v5.onnx", "input=1x512; state=2x1x128; sr=16000", null },
                { "models-wild/winml-w8a8/model.onnx", "", null },
            };
            if (!IsLong)
                return models;
            models.Add("models/lenet-300-100-caffe.onnx", "", null);
            models.Add("models/resnet20-cifar10.onnx", "", null);
            models.Add("models/resnet56-cifar10.onnx", "", null);
            models.Add("models/squeezenet-v1.0-imagenet.onnx", "", null);
            models.Add("models-wild/ch_PP-OCRv4_det_infer.onnx", "x=1x3x64x96", null);
            models.Add("models-wild/ch_PP-OCRv4_rec_infer.onnx", "x=1x3x48x80", null);
            models.Add("models-wild/dtln/model_2.onnx", "", State);
            models.Add("models-wild/nanodet_m.onnx", "", null);
            models.Add("models-wild/SqueezeNet_fp16.onnx", "", null);
            models.Add("models-wild/ultraface-rfb-320.onnx", "", null);
            return models;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public void FourFifthsOfTheWeightsGo(string model, string given, string? _)
    {
        (Network network, Tensor[] inputs) = Load(model, given);
        var pruning = new WeightPruning(new WeightPruningOptions { Level = 0.8 });
        IReadOnlyList<Weight> weights = new TechniqueUse("prune", pruning).Select(network);
        Network pruned = Applied(pruning, network, weights);
        Assert.NotEmpty(weights);
        foreach (Weight before in network.Weights)
        {
            Weight after = pruned.Weights[before.Name];
            if (weights.Contains(before))
                Assert.Equal((long)Math.Round(before.Encoding.Count * 0.2), Kept(before.Encoding, after.Encoding));
            else
                Assert.Same(before, after);
        }
        AssertSameInOnnxRuntime(pruned, inputs);
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public void ThreeTenthsOfTheChannelsGo(string model, string given, string? refusal)
    {
        (Network network, Tensor[] inputs) = Load(model, given);
        foreach (AttentionUnit unit in Enum.GetValues<AttentionUnit>())
        {
            var pruning = new StructuredPruning(new StructuredPruningOptions { Level = 0.3, Attention = unit });
            IReadOnlyList<Weight> weights = new TechniqueUse("thin", pruning).Select(network);
            if (refusal is not null)
            {
                var refused = Assert.Throws<ModelException>(() => Applied(pruning, network, weights));
                Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
                continue;
            }
            Network thinned = Applied(pruning, network, weights),
                masked = Masked(pruning.Options, network, weights);
            Report(model, network, thinned);
            using ReferenceExecutor whole = new(masked),
                small = new(thinned);
            AssertSame(whole.Run(inputs), small.Run(inputs), 1e-6);
            AssertSameInOnnxRuntime(thinned, inputs);
        }
    }

    private static (Network Network, Tensor[] Inputs) Load(string model, string given)
    {
        string? missing = DataFactAttribute.Missing(model);
        Skip.If(missing is not null, missing);
        OnnxReadOptions options = WildModels.Read(given);
        Network network = OnnxReader.Read(DataFactAttribute.PathOf(model), options);
        var rng = new Rng(7);
        return (network, [.. network.Inputs.Select(i => WildModels.Input(i, options, rng))]);
    }

    private static Network Applied(Technique technique, Network network, IReadOnlyList<Weight> weights)
    {
        Network changed = network;
        foreach (PlannedChange change in technique.Plan(new TechniqueContext(network, weights)))
            changed = change.Apply(changed);
        return changed;
    }

    private static Network Masked(StructuredPruningOptions options, Network network, IReadOnlyList<Weight> weights)
    {
        var context = new TechniqueContext(network, weights) { Reference = network };
        var classes = new CutClasses(options, context);
        int[] kept = new CutCounts(options, context, classes).Kept();
        return ChannelMask.Apply(classes.Groups, classes.Masks(kept).ToDictionary(m => m.Group, m => m.Kept));
    }

    /// <summary>How many elements stay: those that are not pruned are as before, zeros among them.</summary>
    private static long Kept(Encoding before, Encoding after)
    {
        float[] old = before.Decode().Array<float>(),
            made = after.Decode().Array<float>();
        Assert.All(Enumerable.Range(0, old.Length), i => Assert.True(made[i] == 0 || made[i] == old[i]));
        if (after is SparseEncoding sparse)
            return sparse.Positions.Length;
        Assert.True(made.Count(v => v != 0) <= Math.Round(old.Length * 0.2));
        return (long)Math.Round(old.Length * 0.2);
    }

    private static void AssertSameInOnnxRuntime(Network network, Tensor[] inputs)
    {
        // Not optimized: ONNX Runtime's kernels for 8 bits round elsewhere.
        using var peer = new OnnxRuntimeSession(network, new OnnxRuntimeOptions { Optimizes = false });
        using InferenceSession session = new InferenceModel(network).CreateSession();
        AssertSame(peer.Run(inputs), session.Run(inputs), 1e-4);
    }

    private static void AssertSame(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> made, double tolerance)
    {
        Assert.Equal(expected.Select(t => t.Shape), made.Select(t => t.Shape));
        for (int o = 0; o < made.Count; o++)
        {
            double[] wanted = WildModels.Doubles(expected[o]),
                got = WildModels.Doubles(made[o]);
            double scale = Math.Max(1, wanted.Max(Math.Abs)),
                worst = wanted.Zip(got, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= tolerance * scale, $"output {o} is {worst} away where the largest is {scale}");
        }
    }

    private void Report(string model, Network before, Network after) =>
        output.WriteLine(
            $"{model}: {NetworkCost.Macs(before):N0} → {NetworkCost.Macs(after):N0} multiply-accumulates, "
                + $"{NetworkCost.Parameters(before):N0} → {NetworkCost.Parameters(after):N0} parameters"
        );
}
