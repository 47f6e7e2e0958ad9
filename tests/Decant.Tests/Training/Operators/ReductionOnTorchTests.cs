using Decant.Core;
using Decant.Tests.Torch;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Training.Operators;

/// <summary>Reductions, searches and running sums on libtorch and in the managed runtime.</summary>
[Collection("libtorch")]
public sealed class ReductionOnTorchTests
{
    private static readonly string[] Reductions =
    [
        "L1",
        "L2",
        "LogSum",
        "LogSumExp",
        "Max",
        "Mean",
        "Min",
        "Prod",
        "Sum",
        "SumSquare",
    ];

    [TorchFact]
    public void RandomAxes()
    {
        for (int i = 0; i < 40; i++)
        {
            var rng = new Rng((ulong)i);
            int[] dims =
            [
                .. Enumerable
                    .Range(0, 1 + rng.Next(4))
                    .Select(_ =>
                        1
                        + rng.Next(
                            i < 6 ? 4
                            : i % 8 == 0 ? 20
                            : 7
                        )
                    ),
            ];
            Tensor x = Tensor.Of(new Shape(dims), Array.ConvertAll(Random(rng, dims).Array<float>(), v => 1.2f + v));
            long[] axes =
            [
                .. Enumerable
                    .Range(0, dims.Length)
                    .Where(_ => rng.Next(2) == 0)
                    .Select(a => rng.Next(2) == 0 ? a : (long)a - dims.Length),
            ];
            Attributes attributes = With(("keepdims", (long)rng.Next(2)), ("noop_with_empty_axes", (long)rng.Next(2)));
            foreach (string name in Reductions)
            {
                AgainstRuntime.Same($"Reduce{name}", attributes, 1, 1e-5, x, Tensor.Vector(axes));
                AgainstRuntime.Same($"Reduce{name}", attributes, 1, 1e-12, Doubles(x), Tensor.Vector(axes));
                if (i < 6)
                    AgainstRuntime.SameGradient($"Reduce{name}", attributes, Doubles(x), Tensor.Vector(axes));
            }
            foreach (string name in Reductions.Except(["LogSumExp"]))
                AgainstRuntime.Same(
                    $"Reduce{name}",
                    attributes,
                    1,
                    0,
                    Run("Cast", With(("to", (long)ElementType.Int32)), x),
                    Tensor.Vector(axes)
                );
        }
    }

    [TorchFact]
    public void OfNothingAndOfBools()
    {
        foreach (string name in Reductions)
        foreach (long[] axes in new long[][] { [1], [0, 1], [0] })
            AgainstRuntime.Same(
                $"Reduce{name}",
                With(),
                1,
                0,
                Tensor.Zeros(ElementType.Float32, new Shape(2, 0)),
                Tensor.Vector(axes)
            );
        Tensor bools = Tensor.Of(new Shape(2, 3), [true, false, true, false, false, false]);
        foreach (string name in new[] { "ReduceMax", "ReduceMin" })
            AgainstRuntime.Same(name, With(("keepdims", 0L)), 1, 0, bools, Tensor.Vector(1L));
    }

    [TorchFact]
    public void PlacesAndRunningSums()
    {
        for (int i = 0; i < 30; i++)
        {
            var rng = new Rng((ulong)i);
            int[] dims = [.. Enumerable.Range(0, 1 + rng.Next(3)).Select(_ => 1 + rng.Next(6))];
            Tensor x = Random(rng, dims),
                few = Run("Round", With(), Random(rng, dims));
            long axis = rng.Next(2 * dims.Length) - dims.Length;
            foreach (string name in new[] { "ArgMax", "ArgMin" })
                AgainstRuntime.Same(
                    name,
                    With(("axis", axis), ("keepdims", (long)rng.Next(2)), ("select_last_index", (long)rng.Next(2))),
                    1,
                    0,
                    few
                );
            Attributes sums = With(("exclusive", (long)rng.Next(2)), ("reverse", (long)rng.Next(2)));
            AgainstRuntime.Same("CumSum", sums, 1, 1e-6, x, Tensor.Scalar(axis));
            AgainstRuntime.Same(
                "CumSum",
                sums,
                1,
                0,
                Run("Cast", With(("to", (long)ElementType.Int32)), Run("Mul", With(), x, Tensor.Scalar(50f))),
                Tensor.Scalar((int)axis)
            );
            if (i < 8)
                AgainstRuntime.SameGradient("CumSum", sums, Doubles(x), Tensor.Scalar(axis));
        }
    }
}
