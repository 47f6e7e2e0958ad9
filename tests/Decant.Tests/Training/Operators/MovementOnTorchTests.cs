using Decant.Core;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Xunit;
using static Decant.Tests.Training.Operators.ExecutorComparison;

namespace Decant.Tests.Training.Operators;

/// <summary>The operators that move elements, pick them or make them from integers.</summary>
[Collection("libtorch")]
public sealed class MovementOnTorchTests
{
    [TorchFact]
    public void Gathers()
    {
        Compare(
            "Gather",
            40,
            rng =>
            {
                var (dims, axis) = Shape(rng);
                return (Axis(axis), [Random(rng, dims), Indices(rng, dims[axis], Many(rng, rng.Next(3), 1, 4))]);
            },
            atLeast: 40
        );
        Compare(
            "GatherElements",
            40,
            rng =>
            {
                var (dims, axis) = Shape(rng);
                int[] wanted = [.. dims.Select((d, i) => i == axis ? 1 + rng.Next(6) : 1 + rng.Next(d))];
                return (Axis(axis), [Random(rng, dims), Indices(rng, dims[axis], wanted)]);
            },
            atLeast: 40
        );
        Compare(
            "GatherND",
            40,
            rng =>
            {
                int[] dims = Many(rng, 2 + rng.Next(3), 1, 4);
                int batch = rng.Next(2),
                    taken = 1 + rng.Next(dims.Length - batch);
                int[] indices = [.. dims[..batch], 1 + rng.Next(4), taken];
                return (OneNode.With(("batch_dims", (long)batch)), [Random(rng, dims), Indices(rng, 1, indices)]);
            },
            atLeast: 40
        );
    }

    [TorchFact]
    public void ScattersWithEveryReduction()
    {
        foreach (string reduction in new[] { "none", "add", "mul", "max", "min" })
            Compare(
                "ScatterElements",
                20,
                rng =>
                {
                    var (dims, axis) = Shape(rng);
                    // One row along the axis is never written twice, whose order libtorch leaves open.
                    int[] wanted = [.. dims.Select((d, i) => i == axis && reduction == "none" ? 1 : 1 + rng.Next(d))];
                    return (
                        OneNode.With(("axis", (long)axis), ("reduction", reduction)),
                        [Random(rng, dims), Indices(rng, dims[axis], wanted), Random(rng, wanted)]
                    );
                },
                atLeast: 20
            );
    }

    [TorchFact]
    public void Splits()
    {
        Compare(
            "Split",
            40,
            rng =>
            {
                var (dims, axis) = Shape(rng);
                int first = rng.Next(dims[axis] + 1),
                    second = rng.Next(dims[axis] - first + 1);
                return (
                    Axis(axis),
                    [Random(rng, dims), Tensor.Vector<long>(first, second, dims[axis] - first - second)]
                );
            },
            atLeast: 40,
            outputs: 3
        );
        Compare(
            "Split",
            20,
            rng =>
            {
                int[] dims = [rng.Next(4), 4 + rng.Next(4)];
                return (OneNode.With(("axis", -1L), ("num_outputs", 2L)), [Random(rng, dims)]);
            },
            atLeast: 20,
            outputs: 2
        );
    }

    [TorchFact]
    public void TheGreatestAndTheLeast() =>
        Compare(
            "TopK",
            60,
            rng =>
            {
                var (dims, axis) = Shape(rng);
                Tensor x = Random(rng, dims);
                // Few different numbers, so that many are equal.
                foreach (ref float v in x.Span<float>())
                    v = MathF.Round(v * 2);
                return (
                    OneNode.With(("axis", (long)axis), ("largest", (long)rng.Next(2))),
                    [x, Tensor.Vector<long>(rng.Next(dims[axis] + 1))]
                );
            },
            atLeast: 60,
            outputs: 2
        );

    [TorchFact]
    public void Repetitions()
    {
        Compare(
            "Tile",
            30,
            rng =>
            {
                int[] dims = Many(rng, 1 + rng.Next(3), 0, 3);
                return (
                    Attributes.None,
                    [Random(rng, dims), Tensor.Vector([.. Many(rng, dims.Length, 0, 3).Select(r => (long)r)])]
                );
            },
            atLeast: 30
        );
        Compare(
            "Expand",
            30,
            rng =>
            {
                int[] to = Many(rng, 1 + rng.Next(4), 1, 4),
                    from = [.. to.Skip(rng.Next(to.Length)).Select(d => rng.Next(2) == 0 ? 1 : d)];
                return (Attributes.None, [Random(rng, from), Tensor.Vector([.. to.Select(d => (long)d)])]);
            },
            atLeast: 30
        );
    }

    [TorchFact]
    public void BlocksOfSpace()
    {
        foreach (string mode in new[] { "DCR", "CRD" })
            Compare(
                "DepthToSpace",
                15,
                rng =>
                {
                    int block = 1 + rng.Next(3);
                    return (
                        OneNode.With(("blocksize", (long)block), ("mode", mode)),
                        [Random(rng, 2, block * block * (1 + rng.Next(3)), 1 + rng.Next(3), 1 + rng.Next(3))]
                    );
                },
                atLeast: 15
            );
        Compare(
            "SpaceToDepth",
            15,
            rng =>
            {
                int block = 1 + rng.Next(3);
                return (
                    OneNode.With(("blocksize", (long)block)),
                    [Random(rng, 2, 1 + rng.Next(3), block * (1 + rng.Next(3)), block * (1 + rng.Next(3)))]
                );
            },
            atLeast: 15
        );
    }

    [TorchFact]
    public void MadeOfIntegers()
    {
        Compare(
            "OneHot",
            30,
            rng =>
            {
                int depth = 1 + rng.Next(5);
                int[] dims = Many(rng, 1 + rng.Next(2), 1, 4);
                return (
                    OneNode.With(("axis", (long)(rng.Next(dims.Length + 1) - 1))),
                    [Indices(rng, depth + 1, dims), Tensor.Scalar((long)depth), Tensor.Vector(-1f, 2f)]
                );
            },
            atLeast: 30
        );
        Compare(
            "Range",
            30,
            rng =>
                rng.Next(2) == 0
                    ? (
                        Attributes.None,
                        [
                            Tensor.Scalar((long)rng.Next(9) - 4),
                            Tensor.Scalar((long)rng.Next(30) - 10),
                            Tensor.Scalar((long)(rng.Next(2) == 0 ? -2 : 3)),
                        ]
                    )
                    : (
                        Attributes.None,
                        [
                            Tensor.Scalar((float)rng.NextDouble()),
                            Tensor.Scalar(5f),
                            Tensor.Scalar((float)rng.NextDouble(0.1, 1)),
                        ]
                    ),
            atLeast: 30
        );
        Compare(
            "Trilu",
            30,
            rng =>
                (
                    OneNode.With(("upper", (long)rng.Next(2))),
                    [Random(rng, Many(rng, 2 + rng.Next(2), 1, 5)), Tensor.Scalar((long)rng.Next(13) - 6)]
                ),
            atLeast: 30
        );
        Compare(
            "NonZero",
            20,
            rng =>
            {
                Tensor x = Random(rng, Many(rng, 1 + rng.Next(3), 1, 4));
                foreach (ref float v in x.Span<float>())
                    v =
                        rng.Next(3) == 0 ? -0f
                        : rng.Next(2) == 0 ? 0
                        : v;
                return (Attributes.None, [x]);
            },
            atLeast: 20
        );
    }

    private static (int[] Dims, int Axis) Shape(Rng rng)
    {
        int[] dims = Many(rng, 1 + rng.Next(4), 1, 5);
        return (dims, rng.Next(dims.Length));
    }

    private static Attributes Axis(int axis) => OneNode.With(("axis", (long)axis));

    /// <summary>Indices on an axis, some counted from its end.</summary>
    private static Tensor Indices(Rng rng, int extent, int[] dims) =>
        Tensor.Of(
            new Decant.Core.Shape(dims),
            Array.ConvertAll(Random(rng, dims).Array<float>(), _ => (long)rng.Next(2 * extent) - extent)
        );
}
