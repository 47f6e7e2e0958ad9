using Decant.Core;
using Xunit;

namespace Decant.Tests.Benchmarking;

/// <summary>Compares what executors compute.</summary>
internal static class SameAnswers
{
    /// <summary>Normal random inputs of a network.</summary>
    public static Tensor[] Inputs(Network network, int batch) =>
        [
            .. network.Inputs.Select(
                (input, index) =>
                {
                    var rng = new Rng((ulong)index + 7);
                    var shape = new Shape([
                        .. input.Type.Shape!.Value.Dims.Select(d => d == Shape.Unknown ? batch : d),
                    ]);
                    return Tensor.Of(
                        shape,
                        Enumerable.Range(0, (int)shape.Count).Select(_ => (float)rng.NextNormal()).ToArray()
                    );
                }
            ),
        ];

    /// <summary>
    /// Every number is within a share of the largest: float sums in another order differ by a few ulps a layer.
    /// </summary>
    public static void Within(double share, IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual, string what)
    {
        Assert.Equal(expected.Select(t => t.Shape), actual.Select(t => t.Shape));
        for (int i = 0; i < expected.Count; i++)
        {
            float[] e = expected[i].Array<float>(),
                a = actual[i].Array<float>();
            float largest = e.Max(Math.Abs),
                worst = e.Zip(a, (x, y) => Math.Abs(x - y)).Max();
            Assert.True(
                largest > 0 && worst <= share * largest,
                $"{what}: output {i} is {worst} away where the largest is {largest}"
            );
        }
    }
}
