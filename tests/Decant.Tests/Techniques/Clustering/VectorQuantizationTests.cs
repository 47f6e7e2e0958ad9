using Decant.Coding;
using Decant.Core;
using Decant.Techniques.Clustering;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Clustering;

[Collection("libtorch")]
public sealed class VectorQuantizationTests
{
    [Fact]
    public void FewDifferentVectorsComeBackExactly()
    {
        float[] three = [1, 2, 3, -1, 0, 5, 7, 7, 7],
            values = [.. Enumerable.Range(0, 40).SelectMany(i => three.Skip(i * 7 % 3 * 3).Take(3))];
        Encoding made = Options
            .Make("vector-quantization", ("length", "3"), ("bits", "2"))
            .Apply(new DenseEncoding(Tensor.Of(new Shape(20, 6), values)));
        Assert.Equal(values, made.Values());
        Assert.Equal(("vector", 1), (made.Kind, made.Bits));
    }

    [Fact]
    public void NothingIsGainedByAnotherEntryForAVectorOrByMovingAnEntry()
    {
        var rng = new Rng(3);
        float[] vectors = [.. Enumerable.Range(0, 300).Select(_ => (float)rng.NextNormal())];
        var (entries, codes) = VectorKMeans.Find(vectors, 2, 9, new Rng(4));
        for (int v = 0; v < codes.Length; v++)
            Assert.Equal(Enumerable.Range(0, 9).Min(e => Distance(v, e)), Distance(v, codes[v]), 1e-6);
        Assert.Equal(9, codes.Distinct().Count());
        for (int e = 0; e < 9; e++)
        for (int i = 0; i < 2; i++)
            Assert.Equal(
                Enumerable.Range(0, codes.Length).Where(v => codes[v] == e).Average(v => vectors[v * 2 + i]),
                entries[e * 2 + i],
                1e-4
            );

        double Distance(int v, int e) =>
            Math.Pow(vectors[v * 2] - entries[e * 2], 2) + Math.Pow(vectors[v * 2 + 1] - entries[e * 2 + 1], 2);
    }

    [Fact]
    public void MoreStagesAndCodebooksForEachPlaceErrLess()
    {
        var rng = new Rng(5);
        float[] values = [.. Enumerable.Range(0, 200 * 16).Select(i => (float)(rng.NextNormal() * (1 + i % 16)))];
        double last = double.PositiveInfinity;
        foreach (string stages in new[] { "1", "2", "4" })
        {
            double error = Error(values, ("length", "4"), ("bits", "4"), ("stages", stages));
            Assert.True(error < 0.8 * last, $"{stages} stages: {error} after {last}");
            last = error;
        }
        Assert.True(
            Error(values, ("length", "4"), ("bits", "4"), ("codebooks", "columns"))
                < Error(values, ("length", "4"), ("bits", "4"))
        );
    }

    [TorchFact]
    public void CodebooksTrainAndCodesStay()
    {
        const string Yaml = """
            recipe: tiny
            techniques:
              vectors: {technique: vector-quantization, weights: fc1.weight, length: 7, bits: 3, stages: 2}
            stages:
              - {name: vectors, use: vectors}
              - {name: train, epochs: 3, batch: 20}
            """;
        using var stream = new MemoryStream(TinyRun.Run(TinyRun.Options(null), Yaml).Bytes);
        var trained = (VectorEncoding)DcntReader.Open(stream).ReadNetwork().Weights["fc1.weight"].Encoding;
        var first = (VectorEncoding)
            Options
                .Make("vector-quantization", ("length", "7"), ("bits", "3"), ("stages", "2"))
                .Apply(TinyRun.Network().Weights["fc1.weight"].Encoding);
        Assert.Equal(first.Layout, trained.Layout);
        Assert.False(first.Codebooks.SequenceEqual(trained.Codebooks));
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        Encoding weight = new DenseEncoding(Tensor.Of(new Shape(4, 6), new float[24]));
        Assert.Contains(
            "weight 'w' of shape 4×6: vectors of 4 elements do not fill rows of 6",
            Assert.Throws<ModelException>(() => Options.Make("vector-quantization").Apply(weight)).Message
        );
        Assert.Contains(
            "codebooks of 512 elements for a weight of 24",
            Assert
                .Throws<ModelException>(() => Options.Make("vector-quantization", ("length", "2")).Apply(weight))
                .Message
        );
        Assert.Contains(
            "holds NaN at 1",
            Assert
                .Throws<ModelException>(() =>
                    Options
                        .Make("vector-quantization", ("length", "1"), ("bits", "1"))
                        .Apply(
                            new DenseEncoding(
                                Tensor.Of(new Shape(4, 2), new float[] { 0, float.NaN, 0, 0, 0, 0, 0, 0 })
                            )
                        )
                )
                .Message
        );
    }

    private static double Error(float[] values, params (string, string)[] options)
    {
        float[] made = Options
            .Make("vector-quantization", options)
            .Apply(new DenseEncoding(Tensor.Of(new Shape(200, 16), values)))
            .Values();
        return values.Zip(made, (a, b) => Math.Pow(a - b, 2)).Sum();
    }
}
