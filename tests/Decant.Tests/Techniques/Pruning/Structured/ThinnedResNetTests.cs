using Decant.Benchmarking;
using Decant.Core;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Benchmarking;
using Decant.Tests.Data;
using Xunit;

namespace Decant.Tests.Techniques.Pruning;

/// <summary>
/// A published network, thinned: its batch norms are folded and its shortcuts widen by Slice and Pad.
/// </summary>
public sealed class ThinnedResNetTests
{
    private const string Model = "models/resnet20-cifar10.onnx";

    [OnnxRuntimeFact(Model)]
    public void ExportsReloadsAndComputesTheSameInOnnxRuntime()
    {
        Network network = Models.Load(DataFactAttribute.PathOf(Model));
        Network thinned = Options.Make("structured-pruning", ("macs", "0.5"), ("norm", "l2")).Apply(network.On());
        Assert.InRange(thinned.Macs(), 0.45 * network.Macs(), 0.5 * network.Macs());
        using var folder = new TemporaryFolder();
        Models.Save(thinned, folder["thin.onnx"]);
        Models.Save(thinned, folder["thin.dcnt"]);
        Tensor[] inputs = SameAnswers.Inputs(thinned, batch: 2);
        using OnnxRuntimeSession theirs = OnnxRuntimeSession.Load(folder["thin.onnx"]);
        IReadOnlyList<Tensor> expected = theirs.Run(inputs);
        foreach (
            Network reloaded in new[] { thinned, Models.Load(folder["thin.onnx"]), Models.Load(folder["thin.dcnt"]) }
        )
        {
            using InferenceSession ours = new InferenceModel(reloaded).CreateSession();
            SameAnswers.Within(1e-5, expected, ours.Run(inputs), "thinned ResNet-20");
        }
    }

    [OnnxRuntimeFact(Model)]
    public void ComputesTheSameInOnnxRuntimeWithoutBlocks()
    {
        Network network = Models.Load(DataFactAttribute.PathOf(Model));
        Technique remove = Options.Make("layer-removal", ("level", "0.5"));
        IReadOnlyList<PlannedChange> plan = remove.Plan(network.On());
        // Of nine blocks, seven keep the shape.
        Assert.Equal(4, plan.Count);
        Network shallow = remove.Apply(network.On());
        Assert.Equal(
            network.Weights.Count(w => w.Encoding.Shape.Rank == 4) - 8,
            shallow.Weights.Count(w => w.Encoding.Shape.Rank == 4)
        );
        Tensor[] inputs = SameAnswers.Inputs(shallow, batch: 2);
        using var theirs = new OnnxRuntimeSession(shallow);
        using InferenceSession ours = new InferenceModel(shallow).CreateSession();
        SameAnswers.Within(1e-5, theirs.Run(inputs), ours.Run(inputs), "shallow ResNet-20");
    }
}
