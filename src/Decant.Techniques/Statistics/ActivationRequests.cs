using Decant.Core;

namespace Decant.Techniques.Statistics;

/// <summary>How the elements of an activation are distributed: range, moments, histogram.</summary>
/// <param name="Activation">The activation's name; it holds floats.</param>
/// <param name="Samples">How many examples are looked at.</param>
public sealed record DistributionRequest(string Activation, int Samples) : StatisticsRequest<ValueStatistics>(Samples)
{
    /// <inheritdoc/>
    public override IEnumerable<string> ActivationsOf(Network network) => [Activation];

    /// <inheritdoc/>
    protected override StatisticsCollection<ValueStatistics> Collect(Network network) => new Distribution(Activation);

    private sealed class Distribution(string name) : StatisticsCollection<ValueStatistics>
    {
        private StatisticsCollector? collector;

        public override void Observe(NetworkObserver network, CancellationToken cancellation)
        {
            Activation activation = network[name];
            collector ??= new StatisticsCollector(activation.Shape);
            try
            {
                for (int i = 0; i < activation.Count; i++)
                    collector.Add(activation[i]);
            }
            catch (ModelException e)
            {
                throw new ModelException($"activation '{name}': {e.Message}", e);
            }
        }

        public override ValueStatistics Finish(CancellationToken cancellation) => collector!.ToStatistics();
    }
}

/// <summary>Means over examples and places, one for each index along an axis of an activation.</summary>
/// <param name="Activation">The activation's name.</param>
/// <param name="Axis">The axis, from 0 at the batch; not the batch itself.</param>
/// <param name="CountsNonZeros">Whether the share of elements that are not zero is taken, or the mean of their
/// magnitudes.</param>
/// <param name="Samples">How many examples are looked at.</param>
public sealed record ChannelMeansRequest(string Activation, int Axis, bool CountsNonZeros, int Samples)
    : StatisticsRequest<double[]>(Samples)
{
    /// <inheritdoc/>
    public override IEnumerable<string> ActivationsOf(Network network) => [Activation];

    /// <inheritdoc/>
    protected override StatisticsCollection<double[]> Collect(Network network) => new Means(this);

    private sealed class Means(ChannelMeansRequest request) : StatisticsCollection<double[]>
    {
        private double[] sums = [];
        private long each;

        public override void Observe(NetworkObserver network, CancellationToken cancellation)
        {
            Activation activation = network[request.Activation];
            int channels = activation.Shape[request.Axis - 1],
                inner = (int)activation.Shape.CountFrom(request.Axis);
            if (sums.Length == 0)
                sums = new double[channels];
            ReadOnlySpan<float> values = activation.Values;
            for (int at = 0, c = 0; at < values.Length; at += inner, c = c + 1 == channels ? 0 : c + 1)
                sums[c] += Sum(values.Slice(at, inner));
            each += channels == 0 ? 0 : values.Length / channels;
        }

        public override double[] Finish(CancellationToken cancellation) =>
            Array.ConvertAll(sums, s => s / Math.Max(1, each));

        private double Sum(ReadOnlySpan<float> values)
        {
            double sum = 0;
            if (request.CountsNonZeros)
                foreach (float v in values)
                    sum += v != 0 ? 1 : 0;
            else
                foreach (float v in values)
                    sum += Math.Abs(v);
            return sum;
        }
    }
}

/// <summary>The mean vector that each row of a layer's weight matrix is multiplied by.</summary>
/// <param name="Layer">The name of the layer's output; <see cref="LayerInputs.CanBeHad"/> of the layer.</param>
/// <param name="Samples">How many examples are looked at.</param>
public sealed record LayerMeansRequest(string Layer, int Samples) : StatisticsRequest<double[]>(Samples)
{
    /// <inheritdoc/>
    public override IEnumerable<string> ActivationsOf(Network network) =>
        [LayerInputs.LayerOf(network, Layer).Inputs[0]];

    /// <inheritdoc/>
    protected override StatisticsCollection<double[]> Collect(Network network) =>
        new Means(new LayerInputs(network, LayerInputs.LayerOf(network, Layer)));

    private sealed class Means(LayerInputs layer) : StatisticsCollection<double[]>
    {
        private readonly double[] sums = new double[layer.Size];
        private long vectors;

        public override void Observe(NetworkObserver network, CancellationToken cancellation)
        {
            Activation activation = network[layer.Activation];
            layer.AddTo(activation, sums);
            vectors += layer.CountIn(activation);
        }

        public override double[] Finish(CancellationToken cancellation) =>
            Array.ConvertAll(sums, s => s / Math.Max(1, vectors));
    }
}

/// <summary>
/// Second moments, not about the mean, of the vectors that each row of a layer's weight matrix is multiplied by.
/// </summary>
/// <param name="Layer">The name of the layer's output; <see cref="LayerInputs.CanBeHad"/> of the layer.</param>
/// <param name="Samples">How many examples are looked at.</param>
public sealed record LayerMomentsRequest(string Layer, int Samples) : StatisticsRequest<SecondMoments>(Samples)
{
    /// <inheritdoc/>
    public override IEnumerable<string> ActivationsOf(Network network) =>
        [LayerInputs.LayerOf(network, Layer).Inputs[0]];

    /// <inheritdoc/>
    protected override StatisticsCollection<SecondMoments> Collect(Network network) =>
        new Moments(new LayerInputs(network, LayerInputs.LayerOf(network, Layer)));

    private sealed class Moments(LayerInputs layer) : StatisticsCollection<SecondMoments>
    {
        private readonly SecondMoments moments = new(layer);
        private int threads;
        private long examples;

        public override void Observe(NetworkObserver network, CancellationToken cancellation)
        {
            Activation activation = network[layer.Activation];
            threads = network.Threads;
            moments.Add(activation, new Workers(threads, cancellation));
            examples += activation.Count;
        }

        public override SecondMoments Finish(CancellationToken cancellation)
        {
            moments.Finish(examples, new Workers(threads, cancellation));
            return moments;
        }
    }
}
