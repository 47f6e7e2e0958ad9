using Decant.Core;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Xunit;
using static Decant.Tests.Training.Operators.ExecutorComparison;

namespace Decant.Tests.Training.Operators;

[Collection("libtorch")]
public sealed class NormalizationOnTorchTests
{
    [TorchFact]
    public void LayersWithTheirStatistics() =>
        Compare(
            "LayerNormalization",
            60,
            rng =>
            {
                var (dims, axis) = Shape(rng);
                return (
                    Attributes(rng, axis, dims.Length),
                    [
                        Random(rng, dims),
                        Random(rng, dims[axis..]),
                        rng.Next(2) == 0 ? Random(rng, Factor(rng, dims, axis)) : null,
                    ]
                );
            },
            atLeast: 60,
            outputs: 3
        );

    [TorchFact]
    public void LayersAlone() =>
        Compare(
            "LayerNormalization",
            30,
            rng =>
            {
                var (dims, axis) = Shape(rng);
                return (
                    Attributes(rng, axis, dims.Length),
                    [Random(rng, dims), Random(rng, dims[axis..]), Random(rng, dims[axis..])]
                );
            },
            atLeast: 30
        );

    [TorchFact]
    public void MeanSquares() =>
        Compare(
            "RMSNormalization",
            40,
            rng =>
            {
                var (dims, axis) = Shape(rng);
                return (Attributes(rng, axis, dims.Length), [Random(rng, dims), Random(rng, Factor(rng, dims, axis))]);
            },
            atLeast: 40
        );

    [TorchFact]
    public void GroupsAndInstances()
    {
        Compare(
            "GroupNormalization",
            30,
            rng =>
            {
                int groups = 1 + rng.Next(3),
                    channels = groups * (1 + rng.Next(3));
                return (
                    OneNode.With(("num_groups", (long)groups)),
                    [
                        Random(rng, [1 + rng.Next(3), channels, .. Many(rng, 1 + rng.Next(3), 2, 6)]),
                        Random(rng, channels),
                        Random(rng, channels),
                    ]
                );
            },
            atLeast: 30
        );
        Compare(
            "InstanceNormalization",
            30,
            rng =>
            {
                int channels = 1 + rng.Next(4);
                return (
                    OneNode.With(("epsilon", 1e-3f)),
                    [
                        Random(rng, [1 + rng.Next(3), channels, .. Many(rng, 1 + rng.Next(3), 2, 6)]),
                        Random(rng, channels),
                        Random(rng, channels),
                    ]
                );
            },
            atLeast: 30
        );
    }

    [TorchFact]
    public void NeighbouringChannels() =>
        Compare(
            "LRN",
            30,
            rng =>
                (
                    OneNode.With(
                        ("size", (long)(1 + rng.Next(6))),
                        ("alpha", 0.3f),
                        ("bias", 0.7f),
                        ("beta", new[] { 0.5f, 0.75f, 0.6f }[rng.Next(3)])
                    ),
                    [Random(rng, [1 + rng.Next(2), 1 + rng.Next(7), .. Many(rng, rng.Next(3), 1, 4)])]
                ),
            atLeast: 30
        );

    [TorchFact]
    public void LogarithmsOfShares() =>
        Compare(
            "LogSoftmax",
            30,
            rng =>
            {
                int rank = 1 + rng.Next(4);
                return (
                    OneNode.With(("axis", (long)(rng.Next(2 * rank) - rank))),
                    [Random(rng, Many(rng, rank, 1, 5))]
                );
            },
            atLeast: 30
        );

    [TorchFact]
    public void Pools()
    {
        Compare(
            "GlobalMaxPool",
            10,
            rng => (Decant.Core.Attributes.None, [Random(rng, [2, 3, .. Many(rng, 1 + rng.Next(3), 1, 5)])]),
            atLeast: 10
        );
        Compare(
            "LpPool",
            40,
            rng =>
            {
                int rank = 1 + rng.Next(3);
                return (
                    OneNode.With(
                        ("kernel_shape", OneNode.Ints(Many(rng, rank, 2, 3))),
                        ("strides", OneNode.Ints(Many(rng, rank, 1, 2))),
                        ("dilations", OneNode.Ints(Many(rng, rank, 1, 2))),
                        ("pads", OneNode.Ints(Many(rng, 2 * rank, 0, 1))),
                        ("ceil_mode", (long)rng.Next(2)),
                        ("p", 1L + rng.Next(3))
                    ),
                    [Random(rng, [2, 2, .. Many(rng, rank, 5, 8)])]
                );
            },
            atLeast: 40
        );
    }

    private static (int[] Dims, int Axis) Shape(Rng rng)
    {
        int[] dims = Many(rng, 1 + rng.Next(4), 1, 6);
        dims[^1] = 1 + rng.Next(40);
        return (dims, rng.Next(dims.Length));
    }

    /// <summary>A shape that broadcasts to the axes from one on, or to all.</summary>
    private static int[] Factor(Rng rng, int[] dims, int axis) =>
        [.. dims.Skip(rng.Next(3) == 0 ? 0 : axis).Select(d => rng.Next(3) == 0 ? 1 : d)];

    private static Attributes Attributes(Rng rng, int axis, int rank) =>
        OneNode.With(("axis", rng.Next(2) == 0 ? axis : (long)axis - rank), ("epsilon", 1e-3f));
}
