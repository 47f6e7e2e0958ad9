using Decant.Core;
using Decant.Data;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Training.Loop;

[Collection("libtorch")]
public sealed class DatasetPassTests
{
    private static readonly Network Network = new NetworkBuilder("small", 1, new Shape(Shape.Unknown, 1, 2, 2))
        .Flatten("flat")
        .Gemm("fc1", 3)
        .Build();

    private static readonly LabelledImages Data = new(
        "seven",
        Tensor.Of(new Shape(7, 1, 2, 2), [.. Enumerable.Range(0, 28).Select(i => i / 10f)]),
        [0, 1, 2, 0, 1, 2, 0],
        3
    );

    [TorchFact]
    public void EveryImageIsShownOnceInOrder()
    {
        var seen = new List<float>();
        var labels = new List<long>();
        new DatasetPass(Network, Data, Preprocessing.None, 3).Recorded(step =>
        {
            Assert.Equal(3, step.Steps);
            seen.AddRange(step.Images.ToArray<float>());
            labels.AddRange(step.Labels.ToArray<long>());
        });
        Assert.Equal(Data.Images.Array<float>(), seen);
        Assert.Equal(Data.Labels.Select(l => (long)l), labels);
    }

    [TorchFact]
    public void EachBatchFindsItsGradientsClear()
    {
        // The gradient of the sum of the outputs with respect to a row is the sum of the batch's images.
        new DatasetPass(Network, Data, Preprocessing.None, 3).Recorded(step =>
        {
            step.Outputs.Sum().Backward();
            float[] gradient = step.Network.Parameterizations["fc1.weight"].Parameter.Grad!.ToArray<float>();
            float[] images = step.Images.ToArray<float>();
            for (int i = 0; i < 4; i++)
                Assert.Equal(images.Where((_, p) => p % 4 == i).Sum(), gradient[i], 4);
        });
    }

    [TorchFact]
    public void ImagesThatDoNotFitAreRefused()
    {
        var flat = new LabelledImages("flat", Tensor.Of(new Shape(2, 5), new float[10]), [0, 1], 2);
        Assert.Throws<DataException>(() => new DatasetPass(Network, flat, Preprocessing.None, 3).Recorded(_ => { }));
    }
}
