using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Decant.Tests.Operators;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Decant.Training;
using Decant.Training.Operators;
using Xunit;
using static Decant.Tests.Training.Operators.ExecutorComparison;

namespace Decant.Tests.Training.Operators;

/// <summary>Every operator on libtorch against the managed runtime, over random shapes and attributes.</summary>
[Collection("libtorch")]
public sealed class TorchKernelTests
{
    [TorchFact]
    public void EveryOperatorHasAKernel()
    {
        foreach (OperatorSeed seed in OperatorSeeds.All)
        {
            Operator op = OperatorCatalogue.Create(seed.Type, seed.Attributes);
            var node = new Node("n", op, [], ["y"]);
            if (op is ControlFlowOperator or RegionOperator)
                Assert.Equal(
                    $"node 'n' ({seed.Type}): operator '{seed.Type}' cannot be trained; run it with the managed "
                        + "runtime",
                    Assert.Throws<ModelException>(() => TorchKernelCatalogue.For(node)).Message
                );
            else
                Assert.NotNull(TorchKernelCatalogue.For(node));
        }
    }

    [TorchFact]
    public void Convolutions() =>
        Compare(
            "Conv",
            60,
            rng =>
            {
                int rank = 1 + rng.Next(3),
                    group = 1 + rng.Next(2),
                    channels = group * (1 + rng.Next(2)),
                    filters = group * (1 + rng.Next(3));
                int[] kernel = Many(rng, rank, 1, 4),
                    size = Many(rng, rank, 3, 9);
                var attributes = Window(rng, rank, pool: false)
                    .Append(("group", (object)(long)group))
                    .Append(("kernel_shape", OneNode.Ints(kernel)));
                return (
                    OneNode.With([.. attributes]),
                    [
                        Random(rng, [1 + rng.Next(3), channels, .. size]),
                        Random(rng, [filters, channels / group, .. kernel]),
                        rng.Next(2) == 0 ? Random(rng, filters) : null,
                    ]
                );
            },
            atLeast: 30
        );

    [TorchFact]
    public void MaxPools() =>
        Compare(
            "MaxPool",
            80,
            rng =>
            {
                int rank = 1 + rng.Next(3);
                var attributes = Window(rng, rank, pool: true)
                    .Append(("kernel_shape", OneNode.Ints(Many(rng, rank, 1, 4))));
                return (
                    OneNode.With([.. attributes]),
                    [Random(rng, [1 + rng.Next(2), 1 + rng.Next(3), .. Many(rng, rank, 3, 9)])]
                );
            },
            atLeast: 30
        );

    [TorchFact]
    public void PlacesOfMaximaAreIntegers()
    {
        foreach (long storage in new[] { 0L, 1 })
        {
            Tensor x = Random(new Rng(9), 2, 3, 5, 7);
            Network network = OneNode.Of(
                "MaxPool",
                OneNode.With(
                    ("kernel_shape", OneNode.Ints(3, 2)),
                    ("strides", OneNode.Ints(2, 2)),
                    ("storage_order", storage)
                ),
                2,
                x
            );
            using var runtime = new ReferenceExecutor(network, 1);
            using var torch = new TorchExecutor(network);
            Assert.Equal(runtime.Run([x])[1].Array<long>(), torch.Run([x])[1].Array<long>());
        }
    }

    [TorchFact]
    public void AveragePools() =>
        Compare(
            "AveragePool",
            80,
            rng =>
            {
                int rank = 1 + rng.Next(3);
                var attributes = Window(rng, rank, pool: true)
                    .Append(("kernel_shape", OneNode.Ints(Many(rng, rank, 1, 4))))
                    .Append(("count_include_pad", (object)(long)rng.Next(2)));
                return (
                    OneNode.With([.. attributes]),
                    [Random(rng, [1 + rng.Next(2), 1 + rng.Next(3), .. Many(rng, rank, 3, 9)])]
                );
            },
            atLeast: 30
        );

    [TorchFact]
    public void Products()
    {
        Compare("Gemm", 40, rng =>
        {
            int m = 1 + rng.Next(5),
                n = 1 + rng.Next(5),
                k = 1 + rng.Next(5),
                a = rng.Next(2),
                b = rng.Next(2);
            int[][] addends =
            [
                [n],
                [m, n],
                [1, n],
                [m, 1],
                [1],
                [],
            ];
            Attributes attributes = OneNode.With(
                ("transA", (long)a),
                ("transB", (long)b),
                ("alpha", rng.Next(2) == 0 ? 1f : 0.5f),
                ("beta", rng.Next(2) == 0 ? 1f : -2f)
            );
            return (
                attributes,
                [
                    a == 1 ? Random(rng, k, m) : Random(rng, m, k),
                    b == 1 ? Random(rng, n, k) : Random(rng, k, n),
                    rng.Next(4) == 0 ? null : Random(rng, addends[rng.Next(6)]),
                ]
            );
        });
        Compare("MatMul", 40, rng =>
        {
            int m = 1 + rng.Next(5),
                n = 1 + rng.Next(5),
                k = 1 + rng.Next(5);
            (int[], int[])[] shapes =
            [
                ([m, k], [k, n]),
                ([k], [k, n]),
                ([m, k], [k]),
                ([k], [k]),
                ([2, m, k], [k, n]),
                ([2, m, k], [2, k, n]),
                ([3, 1, m, k], [2, k, n]),
            ];
            var (a, b) = shapes[rng.Next(shapes.Length)];
            return (Attributes.None, [Random(rng, a), Random(rng, b)]);
        });
    }

    [TorchFact]
    public void ElementWise()
    {
        foreach (string type in new[] { "Add", "Sub", "Mul", "Div" })
        {
            Compare(type, 20, rng => (Attributes.None, Broadcast(rng, Random)));
            Compare(type, 10, rng => (Attributes.None, Broadcast(rng, Integers)));
        }
        foreach (string type in new[] { "Relu", "Sigmoid", "Tanh" })
            Compare(type, 10, rng => (Attributes.None, [Spread(Random(rng, Many(rng, 1 + rng.Next(4), 1, 5)))]));
    }

    [TorchFact]
    public void Normalizations()
    {
        Compare("BatchNormalization", 20, rng =>
        {
            int c = 1 + rng.Next(4);
            Tensor variance = Random(rng, c);
            foreach (ref float v in variance.Span<float>())
                v = Math.Abs(v) + 0.1f;
            return (
                OneNode.With(("epsilon", 1e-3f)),
                [
                    Random(rng, [2, c, .. Many(rng, rng.Next(4), 1, 4)]),
                    Random(rng, c),
                    Random(rng, c),
                    Random(rng, c),
                    variance,
                ]
            );
        });
        Compare("Softmax", 30, rng =>
        {
            int rank = 1 + rng.Next(4);
            return (
                OneNode.With(("axis", (long)(rng.Next(2 * rank) - rank))),
                [Spread(Random(rng, Many(rng, rank, 1, 5)))]
            );
        });
        Compare("GlobalAveragePool", 10, rng =>
            (Attributes.None, [Random(rng, [2, 3, .. Many(rng, 1 + rng.Next(3), 1, 5)])])
        );
    }

    [TorchFact]
    public void Shapes()
    {
        Compare("Flatten", 20, rng =>
        {
            int rank = 1 + rng.Next(4);
            return (
                OneNode.With(("axis", (long)(rng.Next(2 * rank + 1) - rank))),
                [Random(rng, Many(rng, rank, 1, 4))]
            );
        });
        Compare("Transpose", 20, rng =>
        {
            int[] order = [.. Enumerable.Range(0, 1 + rng.Next(4))];
            Tensor x = Random(rng, Many(rng, order.Length, 1, 4));
            rng.Shuffle<int>(order);
            return (rng.Next(4) == 0 ? Attributes.None : OneNode.With(("perm", OneNode.Ints(order))), [x]);
        });
        Compare("Reshape", 20, rng =>
        {
            long[][] targets =
            [
                [-1],
                [0, -1],
                [6, -1],
                [0, 0, 0],
                [4, 3, -1, 1],
                [2, 12],
                [0, 12],
            ];
            return (Attributes.None, [Random(rng, 2, 3, 4), Tensor.Vector(targets[rng.Next(targets.Length)])]);
        });
        Compare("Concat", 20, rng =>
        {
            int[] dims = Many(rng, 1 + rng.Next(3), 1, 4);
            int axis = rng.Next(dims.Length);
            return (
                OneNode.With(("axis", rng.Next(2) == 0 ? axis : (long)axis - dims.Length)),
                [
                    .. Enumerable
                        .Range(0, 1 + rng.Next(3))
                        .Select(_ =>
                        {
                            dims[axis] = 1 + rng.Next(4);
                            return Random(rng, dims);
                        }),
                ]
            );
        });
    }

    [TorchFact]
    public void Slices() =>
        Compare(
            "Slice",
            120,
            rng =>
            {
                int[] dims = Many(rng, 1 + rng.Next(3), 1, 7),
                    axes = [.. Enumerable.Range(0, dims.Length)];
                rng.Shuffle<int>(axes);
                axes = axes[..(1 + rng.Next(dims.Length))];
                long Bound() =>
                    rng.Next(8) switch
                    {
                        0 => long.MaxValue,
                        1 => long.MinValue,
                        _ => rng.Next(17) - 8,
                    };
                long[] Draw(Func<long> one) => [.. axes.Select(_ => one())];
                return (
                    Attributes.None,
                    [
                        Random(rng, dims),
                        Tensor.Vector(Draw(Bound)),
                        Tensor.Vector(Draw(Bound)),
                        Tensor.Vector([.. axes.Select(a => rng.Next(2) == 0 ? a : (long)a - dims.Length)]),
                        Tensor.Vector(Draw(() => (rng.Next(2) == 0 ? 1 : -1) * (1 + rng.Next(3)))),
                    ]
                );
            },
            atLeast: 100
        );

    [TorchFact]
    public void Pads()
    {
        foreach (string mode in new[] { "constant", "reflect", "edge", "wrap" })
            Compare(
                "Pad",
                40,
                rng =>
                {
                    int[] dims = Many(rng, 1 + rng.Next(3), 2, 6);
                    long[] pads =
                    [
                        .. Enumerable
                            .Range(0, 2 * dims.Length)
                            .Select(i =>
                                (long)rng.Next(dims[i % dims.Length]) - (mode == "constant" && rng.Next(3) == 0 ? 1 : 0)
                            ),
                    ];
                    Tensor?[] inputs =
                    [
                        Random(rng, dims),
                        Tensor.Vector(pads),
                        mode == "constant" && rng.Next(2) == 0 ? Tensor.Scalar(2.5f) : null,
                    ];
                    return (
                        OneNode.With(("mode", mode)),
                        rng.Next(2) == 0
                            ? inputs
                            : [inputs[0], Tensor.Vector(pads[0], pads[dims.Length]), inputs[2], Tensor.Vector(0L)]
                    );
                },
                atLeast: 30
            );
    }

    private static IEnumerable<(string, object)> Window(Rng rng, int rank, bool pool)
    {
        yield return ("strides", OneNode.Ints(Many(rng, rank, 1, 3)));
        yield return ("dilations", OneNode.Ints(Many(rng, rank, 1, 2)));
        if (pool)
            yield return ("ceil_mode", (long)rng.Next(2));
        if (rng.Next(3) > 0)
            yield return ("pads", OneNode.Ints(Many(rng, 2 * rank, 0, 2)));
        else
            yield return ("auto_pad", new[] { "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET" }[rng.Next(4)]);
    }

    private static Tensor?[] Broadcast(Rng rng, Func<Rng, int[], Tensor> make)
    {
        int[] dims = Many(rng, 1 + rng.Next(4), 1, 4);
        int[] Part() => [.. dims.Skip(rng.Next(dims.Length)).Select(d => rng.Next(3) == 0 ? 1 : d)];
        return [make(rng, rng.Next(2) == 0 ? dims : Part()), make(rng, rng.Next(2) == 0 ? dims : Part())];
    }

    private static Tensor Integers(Rng rng, params int[] dims) =>
        Tensor.Of(
            new Shape(dims),
            Array.ConvertAll(Random(rng, dims).Array<float>(), v =>
                (long)(v * 100) is 0 and var z ? z + 7 : (long)(v * 100)
            )
        );

    /// <summary>Large and special numbers among the others.</summary>
    private static Tensor Spread(Tensor t)
    {
        Span<float> values = t.Span<float>();
        for (int i = 0; i < values.Length; i += 3)
            values[i] *= 50;
        return t;
    }
}
