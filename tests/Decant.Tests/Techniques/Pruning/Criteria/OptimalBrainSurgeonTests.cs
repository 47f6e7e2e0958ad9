using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Tests.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Criteria;

[Collection("libtorch")]
public sealed class OptimalBrainSurgeonTests
{
    private static readonly (string, string) NoDamping = ("damping", "0.000000001");

    [TorchFact]
    public void ASaliencyIsTheErrorThatIsLeftWhenTheRowMakesUpForANumber()
    {
        float[] scores = Of.Criterion("obs", NoDamping).Score(TinyProblem.Context("fc1.weight"))["fc1.weight"];
        double[] weight = TinyProblem.Weights()["fc1.weight"];
        for (int row = 0; row < TinyProblem.Hidden; row++)
        for (int q = 0; q < TinyProblem.Inputs; q++)
        {
            double[] w = weight[(row * TinyProblem.Inputs)..((row + 1) * TinyProblem.Inputs)];
            double expected = Error(w, Refit(w, [.. Enumerable.Range(0, TinyProblem.Inputs).Where(i => i != q)]));
            Assert.Equal(expected, scores[row * TinyProblem.Inputs + q], 5);
        }
    }

    [TorchFact]
    public void WhatStaysIsTheLeastSquaresSolution()
    {
        Network pruned = Prune(
            TinyProblem.Network,
            TinyProblem.Data,
            "fc1.weight",
            ("criterion", "obs"),
            NoDamping,
            ("level", "0.5")
        );
        var sparse = (SparseEncoding)pruned.Weights["fc1.weight"].Encoding;
        Assert.Equal(10, sparse.Positions.Length);
        double[] before = TinyProblem.Weights()["fc1.weight"];
        float[] after = sparse.Values();
        for (int row = 0; row < TinyProblem.Hidden; row++)
        {
            int from = row * TinyProblem.Inputs;
            int[] kept =
            [
                .. sparse.Positions.ToArray().Where(p => p / TinyProblem.Inputs == row).Select(p => p - from),
            ];
            double[] expected = Refit(before[from..(from + TinyProblem.Inputs)], kept);
            for (int c = 0; c < TinyProblem.Inputs; c++)
                Assert.Equal(expected[c], after[from + c], 4);
        }
    }

    [TorchFact]
    public void AConvolutionsErrorIsBelowThatOfPruningByMagnitude()
    {
        Network network = new NetworkBuilder("conv", 5, new Shape(Shape.Unknown, 1, 7, 7))
            .Conv("conv1", 4, 3)
            .Relu("relu")
            .Conv("conv2", 6, 3)
            .Flatten("flat")
            .Build();
        LabelledImages data = Smooth(40);
        foreach (string level in (string[])["0.3", "0.6", "0.85"])
        {
            double surgeon = Distance(
                network,
                Prune(network, data, "conv2.weight", ("criterion", "obs"), ("level", level)),
                data
            );
            double magnitude = Distance(network, Prune(network, data, "conv2.weight", ("level", level)), data);
            Assert.True(surgeon < 0.8 * magnitude, $"{level}: {surgeon} against {magnitude}");
        }
    }

    [TorchFact]
    public void RoundsGoOnFromWhatIsLeft()
    {
        Technique technique = Options.Make("weight-pruning", ("criterion", "obs"), ("level", "0.6"));
        Network network = TinyProblem.Network;
        for (int round = 1; round <= 3; round++)
        {
            var before = network.Weights["fc1.weight"].Encoding as SparseEncoding;
            var context = new TechniqueContext(network, [network.Weights["fc1.weight"]], round, 3)
            {
                Data = TinyProblem.Data,
            };
            network = technique.Plan(context).Single().Apply(network);
            if (before is not null)
                Assert.Subset(
                    before.Positions.ToArray().ToHashSet(),
                    ((SparseEncoding)network.Weights["fc1.weight"].Encoding).Positions.ToArray().ToHashSet()
                );
        }
        Assert.Equal(8, ((SparseEncoding)network.Weights["fc1.weight"].Encoding).Positions.Length);
    }

    [TorchFact]
    public void WhatHasNoInputsToLookAtIsRefused()
    {
        var e = Assert.Throws<ModelException>(() => Of.Criterion("obs").Score(TinyProblem.Context("fc1.bias")));
        Assert.Contains("weight 'fc1.bias': criterion 'obs' takes weights of Gemm", e.Message);
    }

    private static Network Prune(
        Network network,
        LabelledImages data,
        string weight,
        params (string, string)[] options
    ) =>
        Options
            .Make("weight-pruning", options)
            .Plan(new TechniqueContext(network, [network.Weights[weight]]) { Data = data })
            .Single()
            .Apply(network);

    private static double Distance(Network a, Network b, LabelledImages data)
    {
        using TorchExecutor first = new(a),
            second = new(b);
        return first
            .Run([data.Images])[0]
            .Array<float>()
            .Zip(second.Run([data.Images])[0].Array<float>())
            .Sum(p => Math.Pow(p.First - p.Second, 2));
    }

    private static LabelledImages Smooth(int count)
    {
        var rng = new Rng(2);
        var pixels = new float[count * 49];
        for (int i = 0; i < count; i++)
        for (var (p, a, b) = (0, rng.NextNormal(), rng.NextNormal()); p < 49; p++)
            pixels[i * 49 + p] = (float)(a * (p % 7) / 7 + b * Math.Sin(p / 7) + 0.2 * rng.NextNormal());
        return new LabelledImages("smooth", Tensor.Of(new Shape(count, 1, 7, 7), pixels), new int[count], 2);
    }

    /// <summary>1/n Σ ((w − v)·x)² over the images: half of (w − v)ᵀH(w − v).</summary>
    private static double Error(double[] w, double[] v) =>
        Inputs().Average(x => Math.Pow(x.Select((p, i) => p * (w[i] - v[i])).Sum(), 2));

    /// <summary>
    /// The numbers at some places, others zero, that come nearest to a row's answers: by Gauss-Jordan on the normal
    /// equations.
    /// </summary>
    private static double[] Refit(double[] w, int[] kept)
    {
        int n = kept.Length;
        double[][] rows =
        [
            .. kept.Select(i =>
                (double[])
                    [
                        .. kept.Select(j => Inputs().Sum(x => x[i] * x[j])),
                        Inputs().Sum(x => x[i] * x.Select((p, k) => p * w[k]).Sum()),
                    ]
            ),
        ];
        for (int i = 0; i < n; i++)
        {
            for (int c = n; c >= i; c--)
                rows[i][c] /= rows[i][i];
            for (int r = 0; r < n; r++)
                if (r != i)
                    for (int c = n; c >= i; c--)
                        rows[r][c] -= rows[r][i] * rows[i][c];
        }
        var result = new double[w.Length];
        for (int i = 0; i < n; i++)
            result[kept[i]] = rows[i][n];
        return result;
    }

    private static IEnumerable<double[]> Inputs() =>
        TinyProblem
            .Data.Images.Array<float>()
            .Chunk(TinyProblem.Inputs)
            .Select(x => Array.ConvertAll(x, v => (double)v));
}
