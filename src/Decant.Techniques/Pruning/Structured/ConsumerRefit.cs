using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Fits the weights that read cut channels, so that their layers' outputs change least (He, Zhang, Sun 2017, by the
/// matrix of the layer's inputs): W_K ← W_K + W_P·H_PK·H_KK⁻¹, P the inputs that go and K those that stay, H =
/// 2/n·Σ x·xᵀ, damped.
/// </summary>
internal sealed class ConsumerRefit
{
    private const double Damping = 1e-3;

    private readonly TechniqueContext context;
    private readonly Dictionary<string, bool[]> gone;
    private readonly Lazy<LayerHessians> hessians;

    private ConsumerRefit(TechniqueContext context, Dictionary<string, bool[]> gone, int samples)
    {
        (this.context, this.gone) = (
            context with
            {
                Weights = [.. gone.Keys.Select(w => context.Network.Weights[w])],
            },
            gone
        );
        hessians = new(() => LayerHessians.Of(this.context, samples, Damping, "'refit'"));
    }

    /// <summary>A change for each weight that can be fitted: a plain one of a layer whose inputs can be had.</summary>
    /// <param name="context">What is planned on.</param>
    /// <param name="groups">The network's groups.</param>
    /// <param name="kept">For each group that is cut, what stays.</param>
    /// <param name="samples">Images to look at.</param>
    /// <exception cref="DataException">The run has no training images.</exception>
    public static IEnumerable<PlannedChange> Plan(
        TechniqueContext context,
        ChannelGroups groups,
        IEnumerable<(string Group, bool[] Kept)> kept,
        int samples
    )
    {
        context.NeedData("'refit'");
        var gone = new Dictionary<string, bool[]>(StringComparer.Ordinal);
        foreach (var (group, mask) in kept)
            for (int i = 0; i < mask.Length; i++)
                if (!mask[i])
                    foreach (ChannelSlice slice in groups[group].Channels[i].Members)
                        if (slice.Role == ChannelRole.Consumer)
                            Mark(context.Network, slice, gone);
        if (gone.Count == 0)
            return [];
        var refit = new ConsumerRefit(context, gone, samples);
        return gone.Select(g =>
            PlannedChange.OfWeight(
                g.Key,
                $"fit to {g.Value.Count(c => !c)} of {g.Value.Length} inputs by least squares",
                () => refit.Fit(g.Key)
            )
        );
    }

    private static void Mark(Network network, ChannelSlice slice, Dictionary<string, bool[]> gone)
    {
        Weight weight = network.Weights[slice.Weight];
        WeightMatrix matrix = WeightMatrix.Of(network, weight);
        if (weight.Encoding is not DenseEncoding || !LayerHessians.Takes(network, matrix))
            return;
        if (!gone.TryGetValue(weight.Name, out bool[]? columns))
            gone[weight.Name] = columns = new bool[matrix.Columns];
        int stride = (int)weight.Encoding.Shape.CountFrom(slice.Axis + 1),
            extent = weight.Encoding.Shape[slice.Axis];
        for (int c = 0; c < columns.Length; c++)
            columns[c] |= slice.Indices.Contains(matrix.Position(0, c) / stride % extent);
    }

    private DenseEncoding Fit(string name)
    {
        Weight weight = context.Network.Weights[name];
        WeightMatrix matrix = WeightMatrix.Of(context.Network, weight);
        int[] stay = [.. Enumerable.Range(0, matrix.Columns).Where(c => !gone[name][c])],
            go = [.. Enumerable.Range(0, matrix.Columns).Where(c => gone[name][c])];
        float[] values = (float[])weight.Encoding.Decode().Array<float>().Clone();
        double[][] changes = hessians
            .Value[name]
            .MakeUp(
                stay,
                go,
                [
                    .. Enumerable
                        .Range(0, matrix.Rows)
                        .Select(r => Array.ConvertAll(go, c => (double)values[matrix.Position(r, c)])),
                ],
                context.Workers
            );
        for (int r = 0; r < matrix.Rows; r++)
        for (int k = 0; k < stay.Length; k++)
            values[matrix.Position(r, stay[k])] += (float)changes[r][k];
        return new DenseEncoding(Tensor.Of(weight.Encoding.Shape, values));
    }
}
