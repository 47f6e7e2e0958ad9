using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// How much a number's movement lowered the loss along a training: −Σ g·Δθ over its steps, the path integral of
/// Zenke, Poole, Ganguli (2017, equation 3). The network is trained for that, by Adam at 0.001, and the trained network
/// thrown away.
/// </summary>
public sealed record LifeLongCriterion : Criterion
{
    /// <summary>How many epochs the network is trained.</summary>
    [OptionRange(1, 1000)]
    public int Epochs { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "life-long";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override bool NeedsGradients => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context)
    {
        using var path = new PathIntegral([.. context.Weights.Select(w => w.Name)]);
        var options = new TrainingOptions { Epochs = Epochs, Seed = Rng.Derive(context.Seed, "life-long") };
        new Trainer(options, context.NeedData($"criterion '{Name}'"), context.Preprocessing, null, path).Train(
            context.Network
        );
        return path.Sums;
    }

    private sealed class PathIntegral(IReadOnlyList<string> weights) : TrainingHook
    {
        private readonly Dictionary<string, TorchTensor> before = [],
            sums = [];

        public IReadOnlyDictionary<string, float[]> Sums =>
            sums.ToDictionary(s => s.Key, s => s.Value.ToArray<float>(), StringComparer.Ordinal);

        public override void Begin(TrainingNetwork network)
        {
            foreach (string name in weights)
            {
                before[name] = network.Parameterizations[name].Parameter.ZerosLike().Keep();
                sums[name] = network.Parameterizations[name].Parameter.ZerosLike().Keep();
            }
        }

        public override void AfterBackward(TrainingStep step)
        {
            foreach (var (name, tensor) in before)
                tensor.Copy_(step.Network.Parameterizations[name].Parameter);
        }

        public override void AfterStep(TrainingNetwork network, long step, long steps)
        {
            foreach (var (name, sum) in sums)
                if (network.Parameterizations[name].Parameter is { Grad: { } gradient } moved)
                    sum.AddCMul_(gradient, moved.Sub(before[name]), -1);
        }

        protected override void Dispose(bool disposing)
        {
            foreach (TorchTensor tensor in before.Values.Concat(sums.Values))
                tensor.Dispose();
            base.Dispose(disposing);
        }
    }
}
