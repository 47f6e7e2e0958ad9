using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Data;

/// <summary>
/// Agreement with the network that a run began with, on inputs without labels: where its largest output is, if an
/// output looks like scores of classes (N×C that no tanh makes, or what a softmax along the last axis makes), and
/// cosine similarity and SQNR of every output. Where inputs have a mask, positions that only pad an example do not
/// count.
/// </summary>
public sealed class Fidelity : LearningTask
{
    /// <inheritdoc/>
    public override string Name => "fidelity";

    /// <inheritdoc/>
    public override bool ComparesWithOriginal => true;

    // What 19 of 20 means of other examples do not fall below.
    private const double CautiousErrors = 1.645;

    /// <summary>
    /// Whether metrics are what other examples should be expected to keep, as when something is chosen by few: cosine
    /// similarities less 1.645 standard errors, and of scores the <see cref="ExpectedAgreement"/>.
    /// </summary>
    public bool IsCautious { get; init; }

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data) =>
        network.Outputs.FirstOrDefault(o => !o.Type.Type.IsScored() && !IsCounted(o.Type.Type)) is { } output
            ? $"output '{output.Name}' is {output.Type}; fidelity compares floats of 16 and 32 bits, integers and "
                + "booleans"
            : null;

    /// <inheritdoc/>
    public override IDataSource Targeted(
        Network original,
        IExecutor executor,
        IDataSource data,
        Preprocessing preprocessing,
        CancellationToken cancellation = default
    )
    {
        CheckFits(original, data);
        if (data.Count == 0)
            throw new DataException($"data set '{data.Name}' has no examples to compare outputs on");
        GatheredTarget[] made = [.. original.Outputs.Select(o => new GatheredTarget(o, data.Count))];
        var pass = new NetworkPass(original, executor, NetworkFeed.Of(original, data, preprocessing));
        foreach (var (batch, all) in pass.Batches(BatchSize, cancellation))
        {
            IReadOnlyList<Tensor> outputs = RowsOf(original, ScoredOutputs.Of(all), batch);
            for (int o = 0; o < outputs.Count; o++)
                made[o].Add(batch, outputs[o]);
        }
        return new TargetedSource(data, [.. made.Select(m => m.ToRows())]);
    }

    /// <inheritdoc/>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data)
    {
        if (data.Targets.Length != network.Outputs.Length)
            throw new DataException(
                $"data set '{data.Name}' has {data.Targets.Length} targets for the network's {network.Outputs.Length} "
                    + "outputs; fidelity needs those of the network that is compared with"
            );
        bool several = network.Outputs.Length > 1;
        int[] floats = [.. Indices(network).Where(i => data.Targets[i].Type == ElementType.Float32)];
        string NameOf(int i) => several ? network.Outputs[i].Name : "";
        var metrics = new List<IMetric>();
        foreach (int i in Indices(network))
            if (data.Targets[i].Type != ElementType.Float32)
                metrics.Add(new Agreement(i, NameOf(i)));
            else if (AreScores(network, i, data.Targets[i].Shape))
                metrics.Add(IsCautious ? new ExpectedAgreement(i, NameOf(i)) : new Agreement(i, NameOf(i)));
        if (several && metrics.Count == 0)
            metrics.Add(Cosine([.. floats], ""));
        metrics.AddRange(floats.Select(i => Cosine([i], NameOf(i))));
        metrics.AddRange(floats.Select(i => new SignalToNoise(i, NameOf(i))));
        return [.. metrics];
    }

    private CosineSimilarity Cosine(ImmutableArray<int> outputs, string of) =>
        new(outputs, of, IsCautious ? CautiousErrors : 0);

    private static IEnumerable<int> Indices(Network network) => Enumerable.Range(0, network.Outputs.Length);

    private static bool AreScores(Network network, int output, Shape example) =>
        example.Rank > 0
        && !IsPooled(network, output)
        && (
            example.Dims[^1] > 1 && (example.Rank == 1 || IsSoftmaxed(network, output))
            || example[0] > 1 && example.Dims.Skip(1).All(d => d == 1)
        );

    // Encoders end in tanh where they pool: elements from -1 to 1 are a vector, not scores of classes.
    private static bool IsPooled(Network network, int output) =>
        network.Graph.Producer(network.Outputs[output].Name) is { Operator: Tanh };

    private static bool IsSoftmaxed(Network network, int output) =>
        network.Graph.Producer(network.Outputs[output].Name) is { Operator: Softmax softmax } node
        && (softmax.Axis == -1 || NetworkShapes.Of(network)[node.Outputs[0]]?.Shape?.Rank == softmax.Axis + 1);

    private static bool IsCounted(ElementType type) => type == ElementType.Bool || type.IsInteger();
}
