using Decant.Core;
using Decant.Data;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Loop;

[Collection("libtorch")]
public sealed class NormalizationChangeTests
{
    [TorchFact]
    public void WhatOneArithmeticMadeBecomesWhatAnotherMakes()
    {
        string[] texts =
        [
            "scale=1",
            "scale=1/255",
            "scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225",
            "scale=2;mean=104,117,123;channels=bgr",
            "mean=3;std=4,5,6;channels=bgr",
        ];
        var shape = new Shape(3, 4, 5);
        byte[] pixels = [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 37 % 256))];
        foreach (Preprocessing from in texts.Select(Preprocessing.Parse))
        foreach (Preprocessing to in texts.Select(Preprocessing.Parse))
        {
            float[] given = new float[60],
                expected = new float[60];
            from.Apply(pixels, shape, given);
            to.Apply(pixels, shape, expected);
            using var scope = new TorchScope();
            foreach (
                TorchTensor images in new[]
                {
                    TorchTensor.From<float>(given, 1, 3, 4, 5),
                    TorchTensor.From<float>(given, 1, 60),
                }
            )
            {
                TorchTensor changed = NormalizationChange.Between(from, to, shape)?.Of(images) ?? images;
                Assert.Equal(images.Shape, changed.Shape);
                for (int i = 0; i < 60; i++)
                    Assert.InRange(
                        changed.ToArray<float>()[i] - expected[i],
                        -1e-5 * (1 + 255 * to.Scale),
                        1e-5 * (1 + 255 * to.Scale)
                    );
            }
        }
    }

    [Fact]
    public void TheSameArithmeticChangesNothing() =>
        Assert.Null(
            NormalizationChange.Between(
                Preprocessing.Parse("scale=1/255"),
                Preprocessing.Parse("scale=1/255"),
                new Shape(3, 4, 4)
            )
        );

    [Fact]
    public void AnArithmeticThatDoesNotFitTheImagesIsAnError() =>
        Assert.Contains(
            "bgr needs images of 3 channels",
            Assert
                .Throws<DataException>(() =>
                    NormalizationChange.Between(
                        Preprocessing.None,
                        Preprocessing.Parse("channels=bgr"),
                        new Shape(1, 4, 4)
                    )
                )
                .Message
        );
}
