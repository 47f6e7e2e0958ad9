using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// What a network's outputs mean and how they are scored. A task of one's own derives from this; nothing else need know
/// it.
/// </summary>
public abstract class LearningTask
{
    private protected const int BatchSize = 100;

    /// <summary>Its name, such as classification.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether networks are compared with the one that a run began with, whose outputs <see cref="Targeted"/> makes
    /// the targets.
    /// </summary>
    public virtual bool ComparesWithOriginal => false;

    /// <summary>Checks that a network takes a source's inputs and that its outputs and the targets fit this
    /// task.</summary>
    /// <exception cref="DataException">They do not; what does not fit is named.</exception>
    public abstract void CheckFits(Network network, IDataSource data);

    /// <summary>
    /// New metrics for one measurement; the first is the primary one, by which networks are compared.
    /// </summary>
    /// <param name="network">The network that is measured.</param>
    /// <param name="data">What it is measured on.</param>
    public abstract ImmutableArray<IMetric> Metrics(Network network, IDataSource data);

    /// <summary>The primary metric's value of answers that say nothing of their examples; 0 if not known.</summary>
    /// <param name="data">What is measured on.</param>
    public virtual double Chance(IDataSource data) => 0;

    /// <summary>The source with the targets that this task scores against.</summary>
    /// <param name="original">The network that a run begins with.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="data">The source.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public virtual IDataSource Targeted(
        Network original,
        IExecutor executor,
        IDataSource data,
        Preprocessing preprocessing,
        CancellationToken cancellation = default
    ) => data;

    /// <summary>Measures a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="data">The examples; where the task <see cref="ComparesWithOriginal"/>, as <see cref="Targeted"/>
    /// gives them.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="progress">Told how many examples are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">The data do not fit the network and the task, or there are none.</exception>
    public Score Evaluate(
        Network network,
        IExecutor executor,
        IDataSource data,
        Preprocessing preprocessing,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        CheckFits(network, data);
        if (data.Count == 0)
            throw new DataException($"data set '{data.Name}' has no examples to measure on");
        ImmutableArray<IMetric> metrics = Metrics(network, data);
        int done = 0;
        foreach (FedBatch batch in NetworkFeed.Of(network, data, preprocessing).Batches(BatchSize, cancellation))
        {
            IReadOnlyList<Tensor> outputs = RowsOf(
                network,
                ScoredOutputs.Of(executor.Run(batch.Inputs, cancellation)),
                batch
            );
            var scored = new ScoredBatch(batch.Count, outputs, batch.Targets)
            {
                Mask = batch.Mask,
                TargetFields = data.Targets,
            };
            foreach (IMetric metric in metrics)
                metric.Add(scored);
            progress?.Report(done += batch.Count);
        }
        return new Score([.. metrics.Select(m => new MetricValue(m.Name, m.Value, m.Unit, m.Direction))], data.Count);
    }

    /// <summary>
    /// What a network made of a batch, the first axis counting the examples. An output of one example that lacks this
    /// axis, because inputs lack it, gets it.
    /// </summary>
    /// <exception cref="DataException">It does not count them; the output is named.</exception>
    private protected static IReadOnlyList<Tensor> RowsOf(
        Network network,
        IReadOnlyList<Tensor> outputs,
        FedBatch batch
    )
    {
        if (batch.IsWhole)
            return
            [
                .. outputs.Select(o =>
                    o.Shape.Rank > 0 && o.Shape[0] == 1 ? o : o.Reshape(new Shape([1, .. o.Shape.Dims]))
                ),
            ];
        int rows = batch.Inputs[0].Shape[0];
        for (int i = 0; i < outputs.Count; i++)
            if (outputs[i].Shape.Rank == 0 || outputs[i].Shape[0] != rows)
                throw new DataException(
                    $"output '{network.Outputs[i].Name}' has shape {outputs[i].Shape} for {rows} examples; its first "
                        + "axis must count them"
                );
        return outputs;
    }
}

/// <summary>The tasks that are known by name, and which of them a source of data is for.</summary>
public static class LearningTasks
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["classification", "embedding", "fidelity"];

    /// <summary>The task of a name.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static LearningTask Of(string name) =>
        name switch
        {
            "classification" => new Classification(),
            "embedding" => new Embedding(),
            "fidelity" => new Fidelity(),
            _ => throw new DataException($"no task is called '{name}'; known are {string.Join(", ", Names)}"),
        };

    /// <summary>
    /// Classification where each example has one class and the network's first output tells classes apart; embedding
    /// where examples are scored pairs and an output can be a vector of each; else fidelity, which always works.
    /// </summary>
    public static LearningTask For(Network network, IDataSource data) =>
        Classification.IsMeant(network, data) ? new Classification()
        : Embedding.IsMeant(network, data) ? new Embedding()
        : new Fidelity();
}

/// <summary>Which of several classes an example is of: the largest element of the network's first output.</summary>
public sealed class Classification : LearningTask
{
    /// <inheritdoc/>
    public override string Name => "classification";

    /// <summary>Whether each example has one class and the network's first output may tell classes apart.</summary>
    public static bool IsMeant(Network network, IDataSource data) =>
        data.Targets.Length == 1 && data.Targets[0].Classes is not null && TellsClassesApart(network.Outputs[0].Type);

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data)
    {
        if (data.Targets.Length != 1 || data.Targets[0].Classes is not { } classes)
            throw new DataException(
                $"data set '{data.Name}' has "
                    + $"{(data.Targets.IsEmpty ? "no targets" : string.Join(", ", data.Targets))}; "
                    + "classification needs one integer an example, its class"
            );
        ValueInfo output = network.Outputs[0];
        if (!TellsClassesApart(output.Type))
            throw new DataException(
                $"classification needs an output of N×classes floats; output '{output.Name}' is {output.Type}"
            );
        if (output.Type.Shape is { Rank: > 1 } y && y.Dims[1..].All(d => d >= 0) && y.CountFrom(1) < classes)
            throw new DataException(
                $"{data.Name} has {classes} classes; output '{output.Name}' tells {y.CountFrom(1)} apart"
            );
        NetworkFeed.Of(network, data, Preprocessing.None);
    }

    /// <inheritdoc/>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data) => [new TopK(1), new TopK(5)];

    /// <inheritdoc/>
    public override double Chance(IDataSource data) =>
        data.Targets is [{ Classes: > 0 and var classes }] ? 1.0 / classes : 0;

    // Networks of images may end in N×classes×1×1.
    private static bool TellsClassesApart(TensorType output) =>
        output.Type.IsScored()
        && (output.Shape is not { } shape || (shape.Rank >= 2 && shape.Dims.Skip(2).All(d => d is 1 or Shape.Unknown)));
}
