using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>What detectors end in gives ONNX Runtime's answers.</summary>
[Collection("libtorch")]
public sealed class DetectionTests
{
    [Theory]
    [InlineData(0L, 3L, 0.3f, 0.2f)]
    [InlineData(1L, 3L, 0.3f, 0.2f)]
    [InlineData(0L, 100L, 0.5f, 0.5f)]
    [InlineData(1L, 100L, 0f, -10f)]
    [InlineData(0L, 100L, 1f, 0f)]
    [InlineData(0L, 0L, 0.5f, 0f)]
    [InlineData(0L, -1L, 0.5f, 0f)]
    [InlineData(0L, 5L, 0.5f, 2f)]
    public void NonMaxSuppressionKeepsTheBestOfBoxesThatOverlap(long form, long most, float share, float least)
    {
        var rng = new Rng(11);
        Tensor boxes = Random(rng, 2, 40, 4),
            scores = Random(rng, 2, 3, 40);
        // Sizes are not below 0, and some scores are equal.
        foreach (ref float value in boxes.Span<float>())
            value = form == 1 ? Math.Abs(value) : value;
        foreach (ref float value in scores.Span<float>())
            value = MathF.Round(value * 8) / 8;
        foreach (int opset in new[] { 10, 11, 21 })
            Peer.Agrees(
                new OnnxModelBuilder(opset)
                    .Input("b", "n", "count", 4)
                    .Input("s", "n", 3, "count")
                    .Input("most", ElementType.Int64, 1)
                    .Input("share", 1)
                    .Input("least", 1)
                    .Output("y", ElementType.Int64)
                    .Node("NonMaxSuppression", "b s most share least", "y", ("center_point_box", form)),
                [boxes, scores, Tensor.Vector(most), Tensor.Vector(share), Tensor.Vector(least)]
            );
    }

    [Theory]
    [InlineData("b s")]
    [InlineData("b s most")]
    [InlineData("b s most - least")]
    public void NonMaxSuppressionLeavesInputsOut(string read)
    {
        var rng = new Rng(12);
        Peer.Agrees(
            new OnnxModelBuilder()
                .Input("b", 1, 20, 4)
                .Input("s", 1, 2, 20)
                .Output("y", ElementType.Int64)
                .Ints("most", 4)
                .Weight("least", Tensor.Scalar(0.1f))
                .Node("NonMaxSuppression", read, "y"),
            [Random(rng, 1, 20, 4), Random(rng, 1, 2, 20)]
        );
    }

    [Fact]
    public void HowManyBoxesStayMayChangeFromRunToRun()
    {
        byte[] file = new OnnxModelBuilder(16)
            .Input("x", 1, 3, 9, 11)
            .Input("b", 1, 30, 4)
            .Input("s", 1, 2, 30)
            .Output("y")
            .Ints("most", 8)
            .Ints("axis", 0)
            .Ints("minus", -1)
            .Weight("last", Tensor.Scalar(2L))
            .Weight("zero", Tensor.Scalar(0L))
            .Weight("share", Tensor.Scalar(0.3f))
            .Weight("least", Tensor.Scalar(0.6f))
            .Node("NonMaxSuppression", "b s most share least", "kept")
            .Node("Gather", "kept last", "places", ("axis", 1L))
            .Node("Squeeze", "b axis", "all")
            .Node("Gather", "all places", "boxes")
            .Node("Mul", "places zero", "images")
            .Node("RoiAlign", "x boxes images", "y", ("output_height", 2L), ("output_width", 3L))
            .Build();
        Network network = OnnxReader.Read(new MemoryStream(file));
        using var peer = new OnnxRuntimeSession(file);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        var counts = new HashSet<int>();
        for (ulong run = 0; run < 6; run++)
        {
            var rng = new Rng(run);
            Tensor[] fed = [Random(rng, 1, 3, 9, 11), Random(rng, 1, 30, 4), Random(rng, 1, 2, 30)];
            // Nothing stays of scores that are all low.
            foreach (ref float score in fed[2].Span<float>())
                score -= run == 3 ? 1 : 0;
            Tensor expected = peer.Run(fed)[0],
                actual = session.Run(fed)[0];
            Assert.Equal(expected.Shape, actual.Shape);
            Close(expected.Array<float>(), actual);
            counts.Add(actual.Shape[0]);
        }
        Assert.True(counts.Count > 2 && counts.Contains(0));
    }

    public static TheoryData<string, string, long, float> Alignments
    {
        get
        {
            var all = new TheoryData<string, string, long, float>();
            foreach (string mode in new[] { "avg", "max" })
            foreach (string shift in new[] { "half_pixel", "output_half_pixel" })
            foreach (long samples in new[] { 0L, 1, 2, 3 })
            foreach (float scale in new[] { 1f, 0.25f })
                all.Add(mode, shift, samples, scale);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Alignments))]
    public void RoiAlignSamplesBoxes(string mode, string shift, long samples, float scale)
    {
        var rng = new Rng(13);
        var boxes = new float[6 * 4];
        for (int i = 0; i < boxes.Length; i++)
            boxes[i] = (float)rng.NextDouble(i % 4 < 2 ? -3 : 4, i % 4 < 2 ? 4 : 14) / scale;
        Tensor[] fed = [Random(rng, 2, 3, 9, 11), Tensor.Of(new Shape(6, 4), boxes), Tensor.Vector(0L, 1, 1, 0, 1, 0)];
        // Version 22 only takes more types, and ONNX Runtime has it not.
        Peer.Agrees(
            Aligned(
                16,
                ("mode", mode),
                ("coordinate_transformation_mode", shift),
                ("sampling_ratio", samples),
                ("spatial_scale", scale),
                ("output_height", 3L),
                ("output_width", 4L)
            ),
            fed
        );
        if (shift == "output_half_pixel")
            Peer.Agrees(Aligned(10, ("mode", mode), ("sampling_ratio", samples), ("spatial_scale", scale)), fed);
    }

    private static OnnxModelBuilder Aligned(int opset, params (string, object)[] attributes) =>
        new OnnxModelBuilder(opset)
            .Input("x", "n", 3, "h", "w")
            .Input("b", "r", 4)
            .Input("i", ElementType.Int64, "r")
            .Output("y")
            .Node("RoiAlign", "x b i", "y", attributes);

    [Theory]
    [InlineData(1f, 2, 2)]
    [InlineData(0.5f, 3, 4)]
    [InlineData(0.0625f, 7, 7)]
    public void MaxRoiPoolTakesTheGreatestOfParts(float scale, int height, int width)
    {
        var rng = new Rng(14);
        var boxes = new float[8 * 5];
        for (int i = 0; i < boxes.Length; i++)
            boxes[i] =
                i % 5 == 0 ? i / 5 % 2
                : i % 5 < 3 ? (float)rng.NextDouble(-4, 5) / scale
                : (float)rng.NextDouble(3, 14) / scale;
        Peer.Agrees(
            new OnnxModelBuilder(15)
                .Input("x", "n", 3, "h", "w")
                .Input("b", "r", 5)
                .Output("y")
                .Node("MaxRoiPool", "x b", "y", ("pooled_shape", Ints(height, width)), ("spatial_scale", scale)),
            [Random(rng, 2, 3, 9, 11), Tensor.Of(new Shape(8, 5), boxes)]
        );
    }

    [Fact]
    public void ABoxOfNoImageIsRefused()
    {
        Network network = Aligned(16).Read();
        using var executor = new ReferenceExecutor(network);
        var rng = new Rng(1);
        var refused = Assert.Throws<ModelException>(() =>
            executor.Run([Random(rng, 2, 3, 4, 4), Random(rng, 1, 4), Tensor.Vector(2L)])
        );
        Assert.Contains("a box of image 2; there are 2", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NonMaxSuppression", "x x", "(N, boxes, 4)")]
    [InlineData("NonMaxSuppression", "b s", "do not fit boxes")]
    [InlineData("NonMaxSuppression", "b", "takes 2 to 5")]
    [InlineData("RoiAlign", "b b i", "images (N, C, H, W)")]
    [InlineData("RoiAlign", "x b i", "boxes (R, 4)")]
    [InlineData("RoiAlign", "x r i", "there must be 3, one for each box")]
    [InlineData("RoiAlign", "x r i", "avg and max are possible", "mode", "sum")]
    [InlineData("MaxRoiPool", "x r", "two extents are possible")]
    [InlineData("ReverseSequence", "x i", "batch_axis 2", "batch_axis", 2L)]
    public void WhatDoesNotFitIsRefused(
        string type,
        string read,
        string message,
        string? name = null,
        object? value = null
    )
    {
        OnnxModelBuilder model = new OnnxModelBuilder()
            .Input("x", 1, 3, 5, 5)
            .Input("b", 1, 6, 4)
            .Input("s", 1, 2, 7)
            .Input("r", 3, 4)
            .Input("i", ElementType.Int64, 2)
            .Output("y");
        Peer.Refused(name is null ? model.Node(type, read, "y") : model.Node(type, read, "y", (name, value!)), message);
    }

    [Theory]
    [InlineData(0L, 1L, false)]
    [InlineData(1L, 0L, false)]
    [InlineData(0L, 1L, true)]
    [InlineData(1L, 0L, true)]
    public void ReverseSequenceTurnsTheStepsOfEachExample(long batch, long time, bool isOpen)
    {
        foreach (int[] rest in new int[][] { [], [3], [3, 2] })
        {
            int[] shape = batch == 0 ? [4, 6, .. rest] : [6, 4, .. rest];
            object[] known = [.. shape.Select(d => (object)d)];
            Peer.Agrees(
                new OnnxModelBuilder()
                    .Input("x", isOpen ? ["a", "b", .. known[2..]] : known)
                    .Input("n", ElementType.Int64, 4)
                    .Output("y")
                    .Node("ReverseSequence", "x n", "y", ("batch_axis", batch), ("time_axis", time)),
                [Random(new Rng(3), shape), Tensor.Vector(6L, 1, 3, 4)]
            );
        }
    }
}
