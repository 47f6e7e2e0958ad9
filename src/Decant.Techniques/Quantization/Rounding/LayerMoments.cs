using Decant.Core;
using Decant.Data;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Second moments of what a layer reads, a vector x in a network and x̂ in the same with layers before it rounded,
/// over images and places: E[x̂·x̂ᵀ] and E[x̂·xᵀ], about their means where a bias makes up for those.
/// </summary>
internal sealed class LayerMoments
{
    /// <summary>Inputs of a neuron at most: of more, a matrix takes gigabytes.</summary>
    private const int LargestSize = 4608;

    // Of the mean diagonal; keeps numbers near where they were whose inputs say nothing.
    private const double Damping = 1e-3;

    // Of the moments about zero: less about the mean is what rounding leaves of inputs that never change.
    private const double Negligible = 1e-12;

    private readonly double[] meanSeen,
        meanWhole;

    internal LayerMoments(double[] meanSeen, double[] meanWhole, double[] seen, double[] cross) =>
        (this.meanSeen, this.meanWhole, Seen, Cross) = (meanSeen, meanWhole, seen, cross);

    /// <summary>Numbers in x.</summary>
    public int Size => meanSeen.Length;

    /// <summary>E[x̂·x̂ᵀ], damped, row-major.</summary>
    public double[] Seen { get; }

    /// <summary>E[x̂·xᵀ], damped alike, row-major.</summary>
    public double[] Cross { get; }

    /// <summary>Whether what a layer reads can be had, and is not too much.</summary>
    public static bool CanBeHad(Network network, Node layer) =>
        LayerInputs.CanBeHad(network, layer)
        && network.Weights[layer.Inputs[1]].Encoding is { Count: > 0 } w
        && w.Count / OutputAxis.Count(network, layer) <= LargestSize;

    /// <summary>What a bias has to make up for when a neuron's numbers change: w·E[x] − ŵ·E[x̂].</summary>
    public double Shift(ReadOnlySpan<double> whole, ReadOnlySpan<double> rounded)
    {
        double shift = 0;
        for (int i = 0; i < Size; i++)
            shift += whole[i] * meanWhole[i] - rounded[i] * meanSeen[i];
        return shift;
    }

    /// <summary>Shows both networks examples.</summary>
    /// <param name="context">Whose network is the whole one.</param>
    /// <param name="rounded">The network with layers before it rounded.</param>
    /// <param name="layer">The layer, of the whole network.</param>
    /// <param name="samples">How many training examples are looked at.</param>
    /// <param name="centred">Whether moments are about the means.</param>
    /// <exception cref="ModelException">What the layer reads is not finite; it is named.</exception>
    public static LayerMoments Of(TechniqueContext context, Network rounded, Node layer, int samples, bool centred)
    {
        Weight weight = context.Network.Weights[layer.Inputs[1]];
        SecondMoments sums = Sum(context, rounded, layer, samples);
        int size = sums.Size;
        double[] meanSeen = Mean(sums.Sums),
            meanWhole = Mean(sums.OtherSums),
            h = Mean(sums.Products),
            c = Mean(sums.Cross);
        double before = Trace(h, size);
        if (!double.IsFinite(before))
            throw new ModelException(
                $"layer '{layer.Name}' has inputs that are not finite, which adaptive rounding cannot "
                    + $"use: leave '{weight.Name}' out of 'weights'"
            );
        if (centred)
            Centre(h, c, meanSeen, meanWhole);
        double left = Trace(h, size),
            added = left > Negligible * before ? Damping * left / size : Math.Max(before, 1);
        for (int i = 0; i < size; i++)
            (h[i * size + i], c[i * size + i]) = (h[i * size + i] + added, c[i * size + i] + added);
        return new LayerMoments(meanSeen, meanWhole, h, c);

        double[] Mean(double[] sum) => Array.ConvertAll(sum, v => v / sums.Vectors);
    }

    /// <summary>Sums over what the layer reads in the rounded network, and beside it in the whole one.</summary>
    private static SecondMoments Sum(TechniqueContext context, Network rounded, Node layer, int samples)
    {
        Node second = rounded.Graph.Producer(layer.Outputs[0])!;
        var sums = new SecondMoments(new LayerInputs(context.Network, layer), withOther: true);
        using var whole = new NetworkObserver(context.Network, [layer.Inputs[0]], context.Threads);
        using var seen = new NetworkObserver(rounded, [second.Inputs[0]], context.Threads);
        IDataSource data = context.NeedData("'adaptive-rounding'");
        var pass = new ActivationPass(data, context.Preprocessing)
        {
            Examples = Samples.Order(data.Count, samples, context.Seed),
        };
        pass.Run(
            [whole, seen],
            _ => sums.Add(seen[second.Inputs[0]], whole[layer.Inputs[0]], context.Workers),
            cancellation: context.Cancellation
        );
        sums.Finish(pass.Examples.Count, context.Workers);
        return sums;
    }

    private static void Centre(double[] seen, double[] cross, double[] meanSeen, double[] meanWhole)
    {
        int size = meanSeen.Length;
        for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
        {
            seen[i * size + j] -= meanSeen[i] * meanSeen[j];
            cross[i * size + j] -= meanSeen[i] * meanWhole[j];
        }
    }

    private static double Trace(double[] matrix, int size)
    {
        double trace = 0;
        for (int i = 0; i < size; i++)
            trace += matrix[i * size + i];
        return trace;
    }
}
