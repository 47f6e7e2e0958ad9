using System.Collections.Immutable;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Families of standard operators that others compute give ONNX Runtime's answers.</summary>
[Collection("libtorch")]
public sealed class ComposedFamilyTests
{
    private static readonly Tensor Image = Random(new Rng(1), 2, 3, 4, 5);

    /// <summary>A node of one image, whose extents are known or open.</summary>
    private static void OfImage(string type, int[] opsets, params (string, object)[] attributes)
    {
        foreach (int opset in opsets)
        foreach (bool isOpen in new[] { false, true })
            Peer.Agrees(
                new OnnxModelBuilder(opset)
                    .Input("x", isOpen ? ["n", 3, "h", 5] : [2, 3, 4, 5])
                    .Output("y")
                    .Node(type, "x", "y", attributes),
                [Image]
            );
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(-1L)]
    [InlineData(-2L)]
    public void Axes(long axis)
    {
        OfImage("Hardmax", [13, 21], ("axis", axis));
        OfImage("LpNormalization", [1, 21], ("axis", axis), ("p", 1L));
        OfImage("LpNormalization", [1, 21], ("axis", axis), ("p", 2L));
    }

    [Fact]
    public void HardmaxOfOldFilesFlattens()
    {
        foreach (long axis in new[] { 1L, 2, 3 })
            Peer.Agrees(
                new OnnxModelBuilder(11).Input("x", "n", 3, 4, 5).Output("y").Node("Hardmax", "x", "y", ("axis", axis)),
                [Image]
            );
    }

    [Fact]
    public void ANormOfNothingLeavesNothing() =>
        Peer.Agrees(
            new OnnxModelBuilder().Input("x", 2, 3).Output("y").Node("LpNormalization", "x", "y"),
            [Tensor.Of(new Shape(2, 3), [0f, 0, 0, 1, 2, 3])]
        );

    [Fact]
    public void Norms()
    {
        OfImage("MeanVarianceNormalization", [9, 13]);
        OfImage("MeanVarianceNormalization", [13], ("axes", Ints(1, 2)));
        foreach (long p in new[] { 1L, 2, 3, 4 })
            OfImage("GlobalLpPool", [2, 21], ("p", p));
        OfImage("Shrink", [9, 21]);
        OfImage("Shrink", [21], ("lambd", 0.3f), ("bias", 0.2f));
    }

    [Fact]
    public void ShrinkOfIntegers() =>
        Peer.Agrees(
            new OnnxModelBuilder()
                .Input("x", ElementType.Int32, 5)
                .Output("y", ElementType.Int32)
                .Node("Shrink", "x", "y", ("lambd", 2f), ("bias", 1f)),
            [Tensor.Vector(-5, -2, 0, 2, 5)]
        );

    [Theory]
    [InlineData(0L, 2)]
    [InlineData(1L, 3)]
    [InlineData(-1L, 5)]
    [InlineData(-1L, 3)]
    [InlineData(null, 7)]
    public void CompressTakesWhereConditionsHold(long? axis, int count)
    {
        bool[] holds = [.. Enumerable.Range(0, count).Select(i => i % 3 != 1)];
        foreach (int opset in new[] { 9, 11, 21 })
            if (opset > 9 || axis is not < 0)
                Peer.Agrees(
                    new OnnxModelBuilder(opset)
                        .Input("x", "n", 3, 4, 5)
                        .Input("c", ElementType.Bool, "c")
                        .Output("y")
                        .Node("Compress", "x c", "y", axis is { } a ? [("axis", a)] : []),
                    [Image, Tensor.Vector(holds)]
                );
    }

    [Theory]
    [InlineData("", "2 3 6 2")]
    [InlineData("2 3", "7 2")]
    [InlineData("-1", "8")]
    [InlineData("1 3", "1 1")]
    [InlineData("3 1", "4 6")]
    public void CenterCropPadKeepsTheMiddle(string axes, string target)
    {
        int[] extents = [.. target.Split(' ').Select(t => int.Parse(t, null))];
        long[] along = [.. axes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => long.Parse(t, null))];
        (string, object)[] attributes = along.Length == 0 ? [] : [("axes", along.ToImmutableArray())];
        Tensor shape = Tensor.Vector([.. extents.Select(e => (long)e)]);
        foreach (bool isOpen in new[] { false, true })
        {
            OnnxModelBuilder model = new OnnxModelBuilder(18)
                .Input("x", isOpen ? ["a", "b", "c", "d"] : [2, 3, 4, 5])
                .Output("y");
            if (isOpen)
                model.Input("s", ElementType.Int64, extents.Length);
            else
                model.Weight("s", shape);
            Peer.Agrees(model.Node("CenterCropPad", "x s", "y", attributes), isOpen ? [Image, shape] : [Image]);
        }
    }

    [Theory]
    [InlineData(0L, null)]
    [InlineData(2L, null)]
    [InlineData(-1L, 7L)]
    [InlineData(0L, 6L)]
    [InlineData(1L, 11L)]
    public void EyeLikeHasADiagonal(long k, long? type)
    {
        List<(string, object)> attributes = [("k", k)];
        if (type is { } t)
            attributes.Add(("dtype", t));
        foreach (int opset in new[] { 9, 21 })
            Peer.Agrees(
                new OnnxModelBuilder(opset)
                    .Input("x", "n", 4)
                    .Output("y", (ElementType)(type ?? 1))
                    .Node("EyeLike", "x", "y", [.. attributes]),
                [Random(new Rng(2), 3, 4)]
            );
    }

    [Theory]
    [InlineData("linear", true, -2L)]
    [InlineData("linear", false, 2L)]
    [InlineData("circular", true, -2L)]
    [InlineData("circular", true, 1L)]
    public void TensorScatterWritesIntoACache(string mode, bool hasPlaces, long axis)
    {
        int at = (int)(axis < 0 ? axis + 4 : axis);
        int[] cache = [2, 6, 6, 3],
            update = [2, 6, 6, 3];
        update[at] = 4;
        OnnxModelBuilder model = new OnnxModelBuilder(24)
            .Input("x", "b", 6, "t", 3)
            .Input("u", [.. update.Select((d, i) => i == at ? "s" : (object)d)])
            .Output("y");
        Tensor[] fed = [Random(new Rng(4), cache), Random(new Rng(5), update)];
        if (hasPlaces)
        {
            model.Input("i", ElementType.Int64, "b");
            fed = [.. fed, mode == "linear" ? Tensor.Vector(0L, 2) : Tensor.Vector(1L, 5)];
        }
        Peer.Agrees(model.Node("TensorScatter", hasPlaces ? "x u i" : "x u", "y", ("mode", mode), ("axis", axis)), fed);
    }

    [Theory]
    [InlineData(2, 2, 0, 8)]
    [InlineData(3, 2, 0, 9)]
    [InlineData(3, 3, 1, 10)]
    public void MaxUnpoolPutsMaximaBack(int kernel, int stride, int pad, int size)
    {
        Tensor x = Random(new Rng(7), 2, 3, size, size);
        OnnxModelBuilder model = new OnnxModelBuilder()
            .Input("x", 2, 3, size, size)
            .Output("y")
            .Node("MaxPool", "x", "p i", Window("MaxPool"))
            .Node("MaxUnpool", "p i", "y", Window("MaxUnpool"));
        Peer.Agrees(model, [x]);
        model = new OnnxModelBuilder()
            .Input("x", "n", 3, "h", size)
            .Output("y")
            .Ints("shape", 2, 3, size + 1, size)
            .Node("MaxPool", "x", "p i", Window("MaxPool"))
            .Node("MaxUnpool", "p i shape", "y", Window("MaxUnpool"));
        Peer.Agrees(model, [x]);

        (string, object)[] Window(string of) =>
            [
                ("kernel_shape", Ints(kernel, kernel)),
                ("strides", Ints(stride, stride)),
                ("pads", Ints(pad, pad, pad, pad)),
            ];
    }

    [Theory]
    [InlineData("none")]
    [InlineData("sum")]
    [InlineData("mean")]
    public void LossesTakeTheScoreOfAClass(string reduction)
    {
        foreach (string type in new[] { "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss" })
        foreach (int opset in new[] { 12, 13 })
        foreach (bool hasWeights in new[] { false, true })
        foreach (long? ignored in new long?[] { null, 2, -100 })
        foreach (int[] rest in new int[][] { [], [3], [3, 2] })
        {
            var rng = new Rng(8);
            int[] shape = [4, .. rest];
            long[] classes = new long[new Shape(shape).Count];
            for (int i = 0; i < classes.Length; i++)
                classes[i] = i % 3 == 1 && ignored is { } skip ? skip : rng.Next(5);
            OnnxModelBuilder model = new OnnxModelBuilder(opset)
                .Input("x", ["n", 5, .. rest.Select(d => (object)d)])
                .Input("c", ElementType.Int64, ["n", .. rest.Select(d => (object)d)])
                .Output("y");
            if (hasWeights)
                model.Weight("w", Random(new Rng(9), 5));
            bool shows = type[0] == 'S';
            if (shows)
                model.Output("p");
            List<(string, object)> attributes = [("reduction", reduction)];
            if (ignored is { } index)
                attributes.Add(("ignore_index", index));
            Peer.Agrees(
                model.Node(type, hasWeights ? "x c w" : "x c", shows ? "y p" : "y", [.. attributes]),
                [Random(rng, [4, 5, .. rest]), Tensor.Of(new Shape(shape), classes)]
            );
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 0, 1, false, false)]
    [InlineData(1, 1, 1, 1, 1, true, true)]
    [InlineData(2, 1, 2, 1, 1, true, false)]
    [InlineData(1, 2, 1, 2, 2, false, true)]
    [InlineData(2, 4, 2, 1, 1, true, true)]
    public void DeformConvReadsWhereOffsetsSay(
        int groups,
        int offsetGroups,
        int stride,
        int pad,
        int dilation,
        bool hasBias,
        bool hasMask
    )
    {
        const int size = 9;
        var rng = new Rng(21);
        int count = (size + 2 * pad - 2 * dilation - 1) / stride + 1;
        Tensor offsets = Random(rng, 2, offsetGroups * 18, count, count);
        foreach (ref float offset in offsets.Span<float>())
            offset *= 3;
        foreach (bool isOpen in new[] { false, true })
        {
            OnnxModelBuilder model = new OnnxModelBuilder(19)
                .Input("x", isOpen ? ["n", 4, "h", "w"] : [2, 4, size, size])
                .Input("o", isOpen ? ["n", offsetGroups * 18, "oh", "ow"] : [2, offsetGroups * 18, count, count])
                .Output("y")
                .Weight("w", Random(new Rng(22), 6, 4 / groups, 3, 3))
                .Weight("b", Random(new Rng(23), 6));
            List<Tensor> fed = [Random(rng, 2, 4, size, size), offsets];
            if (hasMask)
            {
                model.Input("m", isOpen ? ["n", offsetGroups * 9, "oh", "ow"] : [2, offsetGroups * 9, count, count]);
                fed.Add(Random(rng, 2, offsetGroups * 9, count, count));
            }
            model.Node(
                "DeformConv",
                $"x w o {(hasBias ? "b" : "-")} {(hasMask ? "m" : "-")}",
                "y",
                ("group", (long)groups),
                ("offset_group", (long)offsetGroups),
                ("strides", Ints(stride, stride)),
                ("pads", Ints(pad, pad, pad, pad)),
                ("dilations", Ints(dilation, dilation))
            );
            Peer.Agrees(model, [.. fed], 1e-4);
        }
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(-1L)]
    public void CumProdMultipliesAlongAnAxis(long axis)
    {
        // ONNX Runtime has it not.
        Tensor x = Random(new Rng(24), 3, 5);
        int along = (int)(axis < 0 ? axis + 2 : axis),
            stride = along == 0 ? 5 : 1,
            extent = along == 0 ? 3 : 5;
        foreach (long exclusive in new[] { 0L, 1 })
        foreach (long reverse in new[] { 0L, 1 })
        {
            var expected = new float[15];
            for (int i = 0; i < 15; i++)
            {
                int at = i / stride % extent,
                    start = i - at * stride;
                expected[i] = 1;
                for (int j = 0; j < extent; j++)
                    if (reverse == 1 ? j >= at + exclusive : j <= at - exclusive)
                        expected[i] *= x.Span<float>()[start + j * stride];
            }
            byte[] file = new OnnxModelBuilder(26)
                .Input("x", 3, 5)
                .Output("y")
                .Weight("axis", Tensor.Scalar(axis))
                .Node("CumProd", "x axis", "y", ("exclusive", exclusive), ("reverse", reverse))
                .Build();
            Peer.Gives([Tensor.Of(x.Shape, expected)], file, [x]);
        }
    }

    [Theory]
    [InlineData("Hardmax", "x", "axis 4 is outside an input of 4 axes", "axis", 4L)]
    [InlineData("Hardmax", "x x", "it has 2 inputs; 1 are expected")]
    [InlineData("LpNormalization", "x", "p is 3; 1 and 2 are possible", "p", 3L)]
    [InlineData("GlobalLpPool", "x", "p is 0; 1 or more", "p", 0L)]
    [InlineData("GlobalLpPool", "m", "its input has 2 axes")]
    [InlineData("Shrink", "x", "attribute 'limit'", "limit", 1f)]
    [InlineData("EyeLike", "x", "a matrix is expected")]
    [InlineData("BitShift", "i i", "direction is ''")]
    [InlineData("BitShift", "i i", "it takes Int64", "direction", "LEFT")]
    [InlineData("BitwiseNot", "x", "it takes Float32")]
    [InlineData("BitwiseAnd", "x x", "input 0 holds Float32")]
    [InlineData("CenterCropPad", "x i", "axes 5 are outside", "axes", 5L)]
    [InlineData("TensorScatter", "x x", "mode is 'ring'", "mode", "ring")]
    [InlineData("TensorScatter", "x x", "axis is the one of the batch", "axis", 0L)]
    [InlineData("MaxUnpool", "x i", "kernel_shape has 0 extents")]
    [InlineData("NegativeLogLikelihoodLoss", "x i", "reduction is 'all'", "reduction", "all")]
    [InlineData("SoftmaxCrossEntropyLoss", "x", "2 to 3 are expected")]
    [InlineData("CumProd", "x i", "its axis is not known")]
    [InlineData("DFT", "x", "1 or 2 parts")]
    [InlineData("DFT", "m - axis", "axis 3 is none of the 1 before the last")]
    [InlineData("STFT", "m length", "how long its frames are is not known")]
    [InlineData("STFT", "m i", "its frame_step is not known")]
    [InlineData("STFT", "m length - huge", "1 to 16,777,216 are possible")]
    [InlineData("HannWindow", "huge", "4,194,304 are possible")]
    [InlineData("MelWeightMatrix", "huge huge huge number number", "are not possible")]
    [InlineData("MelWeightMatrix", "i length length number number", "num_mel_bins is not known")]
    [InlineData("MelWeightMatrix", "length length length low number", "its edges are -5000 and 10 Hz")]
    [InlineData("Col2Im", "x extents extents", "its rows are not known to be blocks of")]
    [InlineData("Col2Im", "x i extents", "its input 1 is not extents")]
    [InlineData("AffineGrid", "x i", "4 or 5 elements")]
    [InlineData("DeformConv", "x m x", "4 each are supported")]
    [InlineData("DeformConv", "x x x", "do not fall into 2 groups", "group", 2L)]
    [InlineData("DeformConv", "x big x", "a kernel of 1000000×1000000 is too large")]
    [InlineData("Det", "x", "square matrices are possible")]
    [InlineData("Unique", "x", "axis 9", "axis", 9L)]
    public void WhatDoesNotFitIsRefused(
        string type,
        string read,
        string message,
        string? name = null,
        object? value = null
    )
    {
        OnnxModelBuilder model = new OnnxModelBuilder(24)
            .Input("x", 2, 3, 4, 5)
            .Input("m", 3, 4)
            .Input("i", ElementType.Int64, 3)
            .Input("big", 1, 3, 1000000, 1000000)
            .Output("y")
            .Weight("axis", Tensor.Scalar(3L))
            .Weight("length", Tensor.Scalar(16L))
            .Weight("huge", Tensor.Scalar(1L << 40))
            .Weight("number", Tensor.Scalar(10f))
            .Weight("low", Tensor.Scalar(-5000f))
            .Ints("extents", int.MaxValue, 1L << 30);
        if (name == "axes")
            value = ImmutableArray.Create((long)value!);
        Peer.Refused(name is null ? model.Node(type, read, "y") : model.Node(type, read, "y", (name, value!)), message);
    }
}
