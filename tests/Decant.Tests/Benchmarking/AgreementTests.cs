using Decant.Benchmarking;
using Decant.Core;
using Decant.Runtime;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Benchmarking;

/// <summary>
/// ONNX Runtime, the managed runtime and libtorch compute the same, on the published models and on the zoo's.
/// </summary>
[Collection("libtorch")]
public sealed class AgreementTests
{
    private const double Tolerance = 1e-5;

    // One of each family: the others have more of the same blocks, or another last layer.
    private static readonly string[] Families =
    [
        "densenet-bc-100",
        "lenet-300-100",
        "lenet-5",
        "mlp",
        "preresnet-110",
        "resnet-20",
        "vgg-16",
    ];

    [OnnxRuntimeFact("models")]
    public void TheRuntimeOnThePublishedModels() => OnThePublishedModels(Managed);

    [OnnxRuntimeFact("models", Libtorch = true)]
    public void LibtorchOnThePublishedModels() => OnThePublishedModels(Libtorch);

    [OnnxRuntimeFact]
    public void TheRuntimeOnTheZoo() => OnTheZoo(Managed);

    [OnnxRuntimeFact(Libtorch = true)]
    public void LibtorchOnTheZoo() => OnTheZoo(Libtorch);

    private static void OnThePublishedModels(Func<Network, IEnumerable<(string, IExecutor)>> executors)
    {
        string[] paths = Directory.GetFiles(DataFactAttribute.PathOf("models"), "*.onnx");
        Assert.NotEmpty(paths);
        // ONNX Runtime reads the file itself, so that what is imported is checked too.
        foreach (string path in paths)
            Agree(Models.Load(path), OnnxRuntimeSession.Load(path), executors, path, batch: 2);
    }

    private static void OnTheZoo(Func<Network, IEnumerable<(string, IExecutor)>> executors)
    {
        foreach (string name in Families)
        {
            Network network = Architectures.Create(name, seed: 3);
            Agree(network, new OnnxRuntimeSession(network), executors, name, batch: 1);
        }
    }

    private static IEnumerable<(string, IExecutor)> Managed(Network network)
    {
        yield return ("reference", new ReferenceExecutor(network));
        foreach (int threads in new[] { 1, 2 })
            yield return (
                $"runtime, {threads} threads",
                new InferenceModel(network, new InferenceOptions { Threads = threads }).CreateSession()
            );
    }

    private static IEnumerable<(string, IExecutor)> Libtorch(Network network) =>
        [("libtorch", new TorchExecutor(network))];

    private static void Agree(
        Network network,
        OnnxRuntimeSession session,
        Func<Network, IEnumerable<(string Name, IExecutor Executor)>> executors,
        string what,
        int batch
    )
    {
        Tensor[] inputs = SameAnswers.Inputs(network, batch);
        using OnnxRuntimeSession theirs = session;
        IReadOnlyList<Tensor> expected = theirs.Run(inputs);
        foreach (var (name, executor) in executors(network))
        {
            using IExecutor ours = executor;
            SameAnswers.Within(Tolerance, expected, ours.Run(inputs), $"{what}, {name}");
        }
    }
}
