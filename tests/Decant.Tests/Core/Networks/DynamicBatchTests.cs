using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Runtime.Planning;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Batches;

public sealed class DynamicBatchTests
{
    [Theory]
    [InlineData(1, -1)]
    [InlineData(1, 32)]
    [InlineData(-1, 32)]
    public void ANetworkWithADynamicBatchAnswersABatchAsImageByImage(long first, long second)
    {
        Network network = Flattened([first, second]),
            dynamic = DynamicBatch.Of(network);
        Assert.True(DynamicBatch.IsFixed(network));
        Assert.False(DynamicBatch.IsFixed(dynamic));
        Tensor images = Random(Rng.For(1, "images"), 3, 2, 4, 4);
        using var one = new ReferenceExecutor(network, 1);
        using var many = new ReferenceExecutor(dynamic, 1);
        float[] together = many.Run([images])[0].Array<float>();
        for (int i = 0; i < 3; i++)
            Assert.Equal(
                one.Run([Tensor.Of(new Shape(1, 2, 4, 4), images.Array<float>()[(i * 32)..((i + 1) * 32)])])[0]
                    .Array<float>(),
                together[(i * 5)..((i + 1) * 5)]
            );
    }

    [Fact]
    public void ANetworkOfAnyBatchStaysItself()
    {
        Network network = Flattened([0, -1], openBatch: true);
        Assert.Same(network, DynamicBatch.Of(network));
    }

    [Fact]
    public void WhatHoldsTheBatchOtherwiseIsNamed()
    {
        var draft = new NetworkDraft();
        string image = draft.Input("image", new Shape(1, 6), openBatch: false);
        draft.Add(
            "Expand",
            Attributes.None,
            draft.Add("ReduceMean", With(("keepdims", 0L)), image)!,
            draft.Weight(Tensor.Vector(1L, 6))
        );
        Network network = draft.Build((_, last) => last);
        Assert.Same(network, DynamicBatch.OrFixed(network));
        var error = Assert.Throws<ModelException>(() => DynamicBatch.Of(network));
        Assert.StartsWith(
            "the batch is fixed at 1 and cannot be made dynamic: output 'v",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "keeps shape 1×6; export the network with a dynamic batch axis",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static Network Flattened(long[] target, bool openBatch = false)
    {
        var draft = new NetworkDraft();
        string image = draft.Input("image", new Shape(1, 2, 4, 4), openBatch);
        string flat = draft.Add(
            "Reshape",
            Attributes.None,
            draft.Add("Relu", Attributes.None, image)!,
            draft.Weight(Tensor.Vector(target))
        )!;
        draft.Add("Gemm", Attributes.None, flat, draft.Weight(Random(Rng.For(2, "weights"), 32, 5)));
        return draft.Build((_, last) => last);
    }
}
