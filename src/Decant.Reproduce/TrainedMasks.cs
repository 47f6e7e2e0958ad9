using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>
/// Masks taken from a trained network and laid over its start, which is not trained: the numbers that ended largest, or
/// those among them that kept their sign (Zhou et al. 2019, sections 2 and 5). How many are kept is chosen on held-out
/// images.
/// </summary>
internal sealed class TrainedMasks(ExperimentRuns work, int holdOut, IReadOnlyList<ulong> seeds)
{
    private static readonly double[] Shares = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7];

    /// <summary>The rows of the table.</summary>
    public IReadOnlyList<ResultRow> Rows()
    {
        var seen = seeds.Select(Measure).ToList();
        return
        [
            Row("all weights trained", 0),
            Row("mask of large final weights over the start, not trained", 1),
            Row("mask of large final weights of the same sign over the start", 2),
            Row("the same over signed constants", 3),
            Row("the start itself, nothing masked", 4),
        ];

        ResultRow Row(string name, int which)
        {
            var values = new Seeds([.. seen.Select(s => s[which])]);
            return ResultRow.Reported($"{name} ({values})", values.Mean, "%");
        }
    }

    /// <summary>How the network is trained that masks are taken from.</summary>
    public static Pipeline Training(int holdOut) =>
        ExperimentRecipes.Training(
            "supermask-dense",
            new TrainingOptions
            {
                Epochs = 10,
                BatchSize = 60,
                LearningRate = 0.0012,
            },
            holdOut
        );

    /// <summary>The mask of a trained network over its start.</summary>
    /// <param name="initial">The start.</param>
    /// <param name="trained">What became of it.</param>
    /// <param name="values">What the mask is laid over.</param>
    /// <param name="share">The share of each matrix that is kept.</param>
    /// <param name="sameSign">Whether only numbers that kept their sign count.</param>
    public static Network Masked(Network initial, Network trained, Network values, double share, bool sameSign) =>
        values.With(
            values
                .Weights.Where(w => w.IsTrainable && w.Encoding.Shape.Rank > 1)
                .ToDictionary(
                    w => w.Name,
                    Encoding (w) =>
                        Masked(
                            initial.Weights[w.Name].Encoding.Decode().Array<float>(),
                            trained.Weights[w.Name].Encoding.Decode().Array<float>(),
                            w.Encoding,
                            share,
                            sameSign
                        ),
                    StringComparer.Ordinal
                )
        );

    private static SparseEncoding Masked(float[] initial, float[] trained, Encoding values, double share, bool sameSign)
    {
        float[] scores = Array.ConvertAll(trained, Math.Abs);
        if (sameSign)
            for (int i = 0; i < scores.Length; i++)
                if (trained[i] * initial[i] <= 0)
                    scores[i] = 0;
        int[] order =
        [
            .. Enumerable
                .Range(0, scores.Length)
                .OrderByDescending(i => scores[i])
                .Take((int)Math.Round(share * scores.Length))
                .Where(i => scores[i] > 0)
                .Order(),
        ];
        float[] numbers = values.Decode().Array<float>();
        return new SparseEncoding(values.Shape, order, Array.ConvertAll(order, i => numbers[i]));
    }

    private double[] Measure(ulong seed)
    {
        Network initial = GlorotStart.Of(Models.Load("zoo:lenet-300-100"), seed),
            constants = Tickets.SignedConstants(initial);
        var (trained, report) = work.Compress($"dense-seed{seed}", initial, Training(holdOut), seed);
        LabelledImages heldOut = work.HeldOut(holdOut, seed);
        double Best(string name, Network values, bool sameSign)
        {
            double share = Shares.MaxBy(s => work.Accuracy(Masked(initial, trained, values, s, sameSign), heldOut));
            return work.Accuracy(
                work.Stored($"{name}-seed{seed}", Masked(initial, trained, values, share, sameSign)),
                work.Test
            );
        }
        return
        [
            100 * report.After!.Primary.Value,
            Best("large-final", initial, false),
            Best("same-sign", initial, true),
            Best("same-sign-constant", constants, true),
            100 * report.Before!.Primary.Value,
        ];
    }
}
