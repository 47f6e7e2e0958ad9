using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Values that an output estimates: one target of floats or integers in the shape of an output, axes of extent 1 aside.
/// </summary>
public sealed class Regression : LearningTask
{
    /// <inheritdoc/>
    public override string Name => "regression";

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    /// <remarks>Root mean square error, mean absolute error, coefficient of determination.</remarks>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data)
    {
        int output = ValuesOutput.Of(network, data);
        return [new RootMeanSquareError(output), new MeanAbsoluteError(output), new Determination(output)];
    }

    /// <inheritdoc/>
    public override int ScoredOutput(Network network, IDataSource data) => ValuesOutput.Of(network, data);

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data) => ValuesOutput.Misfit(this, network, data);

    /// <inheritdoc/>
    internal override bool IsMeantFor(Network network, IDataSource data) =>
        data.Targets is [{ Type: var type }] && type.IsFloat() && Misfit(network, data) is null;
}

/// <summary>The output of floats that has the shape of the one target.</summary>
internal static class ValuesOutput
{
    /// <summary>Its index; -1 if there is none.</summary>
    public static int Of(Network network, IDataSource data) =>
        TaskOutputs.Find(network, data.Targets[0], o =>
            o.Type.IsScored() && TaskOutputs.HaveOneShape(o, data.Targets[0].Shape)
        );

    /// <summary>Why there is none; null if there is.</summary>
    public static string? Misfit(LearningTask task, Network network, IDataSource data)
    {
        if (data.Targets is not [{ Shape.IsKnown: true } target] || !TensorValues.AreValues(target.Type))
            return TaskOutputs.Needs(task, "one target, values in the shape of an output", data);
        return Of(network, data) < 0
            ? TaskOutputs.Needs(task, $"an output of floats in the shape of target {target}", network)
            : null;
    }
}

/// <summary>√ of the mean of (output − target)² over all elements of all examples.</summary>
/// <param name="output">The index of the output; the target is the first.</param>
public sealed class RootMeanSquareError(int output) : IMetric
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public string Name => "RMSE";

    /// <inheritdoc/>
    public string Unit => "";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.LowerIsBetter;

    /// <inheritdoc/>
    public double Value => Math.Sqrt(sum / count);

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        double[] targets = TensorValues.Of(batch.Targets[0]);
        ReadOnlySpan<float> made = batch.Outputs[output].Span<float>();
        for (int i = 0; i < targets.Length; i++)
            sum += (made[i] - targets[i]) * (made[i] - targets[i]);
        count += targets.Length;
    }
}

/// <summary>The mean of |output − target| over all elements of all examples.</summary>
/// <param name="output">The index of the output; the target is the first.</param>
public sealed class MeanAbsoluteError(int output) : IMetric
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public string Name => "MAE";

    /// <inheritdoc/>
    public string Unit => "";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.LowerIsBetter;

    /// <inheritdoc/>
    public double Value => sum / count;

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        double[] targets = TensorValues.Of(batch.Targets[0]);
        ReadOnlySpan<float> made = batch.Outputs[output].Span<float>();
        for (int i = 0; i < targets.Length; i++)
            sum += Math.Abs(made[i] - targets[i]);
        count += targets.Length;
    }
}

/// <summary>
/// Coefficient of determination R² = 1 − Σ(output − target)² / Σ(target − mean)², the mean that of each
/// element of an example over the examples (scikit-learn's r2_score, weighted by variance). Where targets do not
/// vary, 1 if outputs are equal to them and 0 else.
/// </summary>
/// <param name="output">The index of the output; the target is the first.</param>
public sealed class Determination(int output) : IMetric
{
    private double[] means = [];
    private double noise,
        variation;
    private long count;

    /// <inheritdoc/>
    public string Name => "R²";

    /// <inheritdoc/>
    public string Unit => "";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value =>
        variation > 0 ? 1 - noise / variation
        : noise == 0 ? 1
        : 0;

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        double[] targets = TensorValues.Of(batch.Targets[0]);
        ReadOnlySpan<float> made = batch.Outputs[output].Span<float>();
        int size = targets.Length / batch.Count;
        if (count == 0)
            means = new double[size];
        for (int i = 0; i < targets.Length; i++)
        {
            noise += (made[i] - targets[i]) * (made[i] - targets[i]);
            // Welford's update: exact enough in one pass.
            long seen = count + i / size + 1;
            double difference = targets[i] - means[i % size];
            means[i % size] += difference / seen;
            variation += difference * (targets[i] - means[i % size]);
        }
        count += batch.Count;
    }
}
