using Decant.Core;
using Decant.OnnxRuntime;
using Decant.Runtime;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.OnnxRuntime;

/// <summary>
/// ONNX Runtime, the managed runtime and libtorch compute the same, on the published models and on the zoo's.
/// </summary>
[Collection("libtorch")]
public sealed class AgreementTests
{
    private const double Tolerance = 1e-5;

    [OnnxRuntimeFact("models")]
    public void OnThePublishedModels()
    {
        string[] paths = Directory.GetFiles(DataFactAttribute.PathOf("models"), "*.onnx");
        Assert.NotEmpty(paths);
        // ONNX Runtime reads the file itself, so that what is imported is checked too.
        foreach (string path in paths)
            Agree(Models.Load(path), OnnxRuntimeSession.Load(path), path);
    }

    [OnnxRuntimeFact]
    public void OnTheZoo()
    {
        // One of each family: the others have more of the same blocks, or another last layer.
        foreach (
            string name in new[]
            {
                "densenet-bc-100",
                "lenet-300-100",
                "lenet-5",
                "mlp",
                "preresnet-110",
                "resnet-20",
                "vgg-16",
            }
        )
        {
            Network network = Architectures.Create(name, seed: 3);
            Agree(network, new OnnxRuntimeSession(network), name, batch: 1);
        }
    }

    private static void Agree(Network network, OnnxRuntimeSession session, string what, int batch = 2)
    {
        Tensor[] inputs = SameAnswers.Inputs(network, batch);
        using OnnxRuntimeSession theirs = session;
        using var reference = new ReferenceExecutor(network);
        IReadOnlyList<Tensor> expected = theirs.Run(inputs);
        SameAnswers.Within(Tolerance, expected, reference.Run(inputs), $"{what}, reference");
        foreach (int threads in new[] { 1, 2 })
        {
            using InferenceSession ours = new InferenceModel(
                network,
                new InferenceOptions { Threads = threads }
            ).CreateSession();
            SameAnswers.Within(Tolerance, expected, ours.Run(inputs), $"{what}, runtime, {threads} threads");
        }
        if (global::Decant.Torch.LibTorch.Problem is not null)
            return;
        using var torch = new TorchExecutor(network);
        SameAnswers.Within(Tolerance, expected, torch.Run(inputs), $"{what}, libtorch");
    }
}
