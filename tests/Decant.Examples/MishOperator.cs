using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Examples;

/// <summary>An operator is found by its name everywhere once its entries are there.</summary>
public sealed class MishOperatorTests
{
    private static readonly float[] Values = [-30, -1, -0.5f, 0, 0.5f, 1, 30];

    private static readonly Network Network = new(
        "mish",
        [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(Values.Length)))],
        [new ValueInfo("y", new TensorType(ElementType.Float32, new Shape(Values.Length)))],
        [new Node("mish", OperatorCatalogue.Create("Mish", Attributes.None), ["x"], ["y"])],
        []
    );

    [Fact]
    public void TheReferenceComputesIt() => ComputesMish(new ReferenceExecutor(Network));

    [Fact]
    public void TheRuntimeComputesIt() => ComputesMish(new InferenceModel(Network).CreateSession());

    [SkippableFact]
    public void LibtorchComputesIt()
    {
        Skip.IfNot(LibTorch.Problem is null, LibTorch.Problem);
        ComputesMish(new TorchExecutor(Network));
    }

    private static void ComputesMish(IExecutor executor)
    {
        using (executor)
        {
            float[] computed = executor.Run([Tensor.Vector(Values)])[0].Array<float>();
            Assert.All(Values.Zip(computed), pair =>
                Assert.Equal(pair.First * Math.Tanh(Math.Log(1 + Math.Exp(pair.First))), pair.Second, 1e-6)
            );
        }
    }
}
