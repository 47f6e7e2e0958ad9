using System.Collections.Immutable;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Transforms and windows of sound, and grids of images, give ONNX Runtime's answers.</summary>
[Collection("libtorch")]
public sealed class SoundOperatorTests
{
    [Theory]
    [InlineData("HannWindow")]
    [InlineData("HammingWindow")]
    [InlineData("BlackmanWindow")]
    public void WindowsHaveTheirShape(string type)
    {
        foreach (long isPeriodic in new[] { 0L, 1 })
        foreach (bool isOpen in new[] { false, true })
        {
            OnnxModelBuilder model = new OnnxModelBuilder(17).Output("y");
            if (isOpen)
                model.Input("n", ElementType.Int64);
            else
                model.Weight("n", Tensor.Scalar(10L));
            Peer.Agrees(model.Node(type, "n", "y", ("periodic", isPeriodic)), isOpen ? [Tensor.Scalar(10L)] : [], 1e-5);
        }
    }

    [Theory]
    [InlineData(8L, 16L, 8192L, 0f, 4096f)]
    [InlineData(20L, 400L, 16000L, 20f, 7600f)]
    [InlineData(40L, 64L, 8000L, 100f, 3000f)]
    public void MelWeightMatrixHasTriangles(long bands, long length, long rate, float low, float high) =>
        Peer.Agrees(
            new OnnxModelBuilder(17)
                .Output("y")
                .Weight("a", Tensor.Scalar(bands))
                .Weight("b", Tensor.Scalar(length))
                .Weight("c", Tensor.Scalar(rate))
                .Weight("d", Tensor.Scalar(low))
                .Weight("e", Tensor.Scalar(high))
                .Node("MelWeightMatrix", "a b c d e", "y"),
            []
        );

    [Theory]
    [InlineData(1, 10, null, 1L, false, false)]
    [InlineData(2, 10, null, 1L, false, false)]
    [InlineData(1, 10, null, 1L, false, true)]
    [InlineData(1, 7, 16L, 1L, false, true)]
    [InlineData(2, 12, 9L, 1L, false, false)]
    [InlineData(2, 8, null, 1L, true, false)]
    [InlineData(2, 10, null, 2L, false, false)]
    [InlineData(1, 10, null, -2L, false, true)]
    [InlineData(2, 6, 10L, -3L, true, false)]
    public void DftTransforms(int parts, int signal, long? length, long axis, bool isInverse, bool isHalf)
    {
        int[] shape = [3, 5, 5, parts];
        shape[axis < 0 ? 4 + axis : axis] = signal;
        Tensor x = Random(new Rng(3), shape);
        foreach (int opset in new[] { 17, 20 })
        foreach (bool isOpen in new[] { false, true })
        {
            if (opset < 20 && axis < 0)
                continue;
            List<(string, object)> attributes = [("inverse", isInverse ? 1L : 0L), ("onesided", isHalf ? 1L : 0L)];
            OnnxModelBuilder model = new OnnxModelBuilder(opset)
                .Input("x", [isOpen ? "n" : 3, .. shape[1..].Select(d => (object)d)])
                .Output("y");
            if (length is { } n)
                model.Weight("n", Tensor.Scalar(n));
            string read = length is null ? "x" : "x n";
            if (opset < 20)
                attributes.Add(("axis", axis));
            else
            {
                model.Weight("axis", Tensor.Scalar(axis));
                read = length is null ? "x - axis" : "x n axis";
            }
            Peer.Agrees(model.Node("DFT", read, "y", [.. attributes]), [x], 1e-4);
        }
    }

    [Fact]
    public void DftHasItsAxis()
    {
        Tensor x = Random(new Rng(3), 2, 6, 4, 1);
        foreach (int opset in new[] { 17, 20 })
            Peer.Agrees(
                new OnnxModelBuilder(opset).Input("x", 2, 6, 4, 1).Output("y").Node("DFT", "x", "y"),
                [x],
                1e-4
            );
    }

    [Theory]
    [InlineData("x step window", 2, 1L)]
    [InlineData("x step window length", 2, 0L)]
    [InlineData("x step - length", 2, 1L)]
    [InlineData("x step window", 3, 1L)]
    [InlineData("x step computed length", 3, 1L)]
    public void StftTransformsFrames(string read, int rank, long isHalf)
    {
        foreach (bool isOpen in new[] { false, true })
            Peer.Agrees(
                new OnnxModelBuilder(17)
                    .Input("x", [isOpen ? "n" : 2, isOpen ? "length" : 50, .. rank == 3 ? new object[] { 1 } : []])
                    .Input("w", 16)
                    .Output("y")
                    .Weight("step", Tensor.Scalar(5L))
                    .Weight("length", Tensor.Scalar(16L))
                    .Weight("window", Random(new Rng(5), 16))
                    .Node("Neg", "w", "computed")
                    .Node("STFT", read, "y", ("onesided", isHalf)),
                [Random(new Rng(4), [2, 50, .. rank == 3 ? new[] { 1 } : []]), Random(new Rng(6), 16)],
                1e-4
            );
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void AffineGridMapsPlaces(long alignsCorners)
    {
        foreach (int axes in new[] { 2, 3 })
        foreach (bool isOpen in new[] { false, true })
        {
            long[] size = [2, 3, .. new long[] { 4, 5, 6 }[..axes]];
            OnnxModelBuilder model = new OnnxModelBuilder(20).Input("t", "n", axes, axes + 1).Output("y");
            if (isOpen)
                model.Input("s", ElementType.Int64, size.Length);
            else
                model.Ints("s", size);
            Tensor theta = Random(new Rng(7), 2, axes, axes + 1);
            Peer.Agrees(
                model.Node("AffineGrid", "t s", "y", ("align_corners", alignsCorners)),
                isOpen ? [theta, Tensor.Vector(size)] : [theta]
            );
        }
    }

    [Theory]
    [InlineData("5 5", "2 2", "1 1", "1 1", "0 0 0 0")]
    [InlineData("6 7", "2 3", "2 2", "1 1", "1 0 0 1")]
    [InlineData("8 8", "3 2", "2 3", "2 1", "1 1 1 1")]
    [InlineData("9", "3", "2", "1", "0 1")]
    [InlineData("4 5 6", "2 2 2", "1 2 2", "1 1 1", "0 0 0 0 0 0")]
    public void Col2ImSumsBlocks(string image, string block, string strides, string dilations, string pads)
    {
        static long[] Numbers(string text) => [.. text.Split(' ').Select(t => (long)(t[0] - '0'))];
        long[] extents = Numbers(image),
            kernel = Numbers(block),
            padding = Numbers(pads);
        long count = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            long reach =
                extents[i] + padding[i] + padding[i + extents.Length] - Numbers(dilations)[i] * (kernel[i] - 1);
            count *= (reach - 1) / Numbers(strides)[i] + 1;
        }
        int rows = 3 * (int)kernel.Aggregate(1L, (a, b) => a * b);
        Peer.Agrees(
            new OnnxModelBuilder(18)
                .Input("x", "n", rows, (int)count)
                .Output("y")
                .Ints("image", extents)
                .Ints("block", kernel)
                .Node(
                    "Col2Im",
                    "x image block",
                    "y",
                    ("strides", Numbers(strides).ToImmutableArray()),
                    ("dilations", Numbers(dilations).ToImmutableArray()),
                    ("pads", padding.ToImmutableArray())
                ),
            [Random(new Rng(8), 2, rows, (int)count)]
        );
    }
}
