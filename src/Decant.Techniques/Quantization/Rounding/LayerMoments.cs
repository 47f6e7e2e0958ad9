using Decant.Core;
using Decant.Data;
using Decant.Techniques.Groups;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Second moments of what a layer reads, a vector x in a network and x̂ in the same with layers before it rounded, over
/// images and places: E[x̂·x̂ᵀ] and E[x̂·xᵀ], about their means where a bias makes up for those.
/// </summary>
internal sealed class LayerMoments
{
    private const int LargestBatch = 16;

    // Numbers that a batch's vectors hold at most, where one image's do not hold more.
    private const long LargestVectors = 1 << 24;

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

    /// <summary>Shows both networks images.</summary>
    /// <param name="context">Whose network is the whole one.</param>
    /// <param name="rounded">The network with layers before it rounded.</param>
    /// <param name="layer">The layer, of the whole network.</param>
    /// <param name="images">The images.</param>
    /// <param name="centred">Whether moments are about the means.</param>
    /// <exception cref="ModelException">What the layer reads is not finite; it is named.</exception>
    public static LayerMoments Of(
        TechniqueContext context,
        Network rounded,
        Node layer,
        IDataSource images,
        bool centred
    )
    {
        Weight weight = context.Network.Weights[layer.Inputs[1]];
        int size = weight.Encoding.Count / OutputAxis.Count(context.Network, layer);
        using var second = new TrainingNetwork(rounded);
        using TorchTensor seen = Zeros(size, size),
            cross = Zeros(size, size),
            seenSum = Zeros(size),
            wholeSum = Zeros(size);
        long count = 0;
        new DatasetPass(context.Network, images, context.Preprocessing, BatchFor(context.Network, layer, size)).Forward(
            step =>
            {
                second.Forward(training: false, [.. step.Inputs]);
                TorchTensor x = LayerInputs.Of(step.Network, layer).To(TorchType.Float64),
                    y = LayerInputs.Of(second, layer).To(TorchType.Float64),
                    turned = y.Transpose(0, 1);
                seen.Add_(turned.MatMul(y));
                cross.Add_(turned.MatMul(x));
                seenSum.Add_(y.Sum([0]));
                wholeSum.Add_(x.Sum([0]));
                count += x.Size(0);
            }
        );
        double[] meanSeen = Mean(seenSum),
            meanWhole = Mean(wholeSum),
            h = Mean(seen),
            c = Mean(cross);
        double before = Trace(h, size);
        if (!double.IsFinite(before))
            throw new ModelException(
                $"layer '{layer.Name}' reads numbers that are not finite; adaptive rounding cannot weigh "
                    + $"them: leave '{weight.Name}' out of 'weights'"
            );
        if (centred)
            Centre(h, c, meanSeen, meanWhole);
        double left = Trace(h, size),
            added = left > Negligible * before ? Damping * left / size : Math.Max(before, 1);
        for (int i = 0; i < size; i++)
            (h[i * size + i], c[i * size + i]) = (h[i * size + i] + added, c[i * size + i] + added);
        return new LayerMoments(meanSeen, meanWhole, h, c);

        double[] Mean(TorchTensor sum) => Array.ConvertAll(sum.ToArray<double>(), v => v / count);
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

    private static int BatchFor(Network network, Node layer, int size)
    {
        ReadOnlySpan<int> places = NetworkShapes.Of(network, 1)[layer.Outputs[0]]?.Shape is { Rank: > 2 } shape
            ? shape.Dims.AsSpan()[2..]
            : [];
        long vectors = size;
        foreach (int extent in places)
            vectors *= Math.Max(1, extent);
        return (int)Math.Clamp(LargestVectors / Math.Max(1, vectors), 1, LargestBatch);
    }

    private static TorchTensor Zeros(params long[] sizes) => Ops.Zeros(sizes, TorchType.Float64).Keep();
}
