using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Quantization;
using Decant.Techniques.Statistics;

namespace Decant.Comparison;

/// <summary>How much a layer's output differs between two networks.</summary>
/// <param name="Name">The layer, as the second network calls it.</param>
/// <param name="Output">The value that it makes, which both networks have by this name.</param>
/// <param name="Sqnr">Signal to noise, 10·log₁₀(Σx² / Σ(x − x̂)²), in dB, infinite where nothing differs;
/// not a number where the two have different shapes.</param>
public sealed record LayerDifference(string Name, string Output, double Sqnr)
{
    // Enough for a ratio that tells layers apart; of large networks fewer.
    private const int MostExamples = 64;
    private const long LargestWork = 1L << 29;

    /// <summary>The layers of the second network whose outputs the first has too, in its order.</summary>
    internal static IReadOnlyList<LayerDifference> Of(
        Network first,
        Network second,
        IDataSource data,
        Preprocessing preprocessing,
        int threads,
        CancellationToken cancellation
    )
    {
        Node[] layers = [.. Shared(first, second)];
        if (layers.Length == 0)
            return [];
        string[] outputs = [.. layers.Select(QuantizedLayers.OutputOf)];
        var sums = new NoiseSums(layers.Length);
        var unlike = new bool[layers.Length];
        using var was = new NetworkObserver(first, outputs, threads);
        using var now = new NetworkObserver(second, outputs, threads);
        var pass = new ActivationPass(data, preprocessing);
        IDataSource some = data.First(pass.ExamplesWithin(first, 2, LargestWork, 1, MostExamples));
        new ActivationPass(some, preprocessing).Run(
            [was, now],
            _ =>
            {
                for (int i = 0; i < outputs.Length; i++)
                    if (was.All(outputs[i]).Length == now.All(outputs[i]).Length)
                        sums.Add(i, was.All(outputs[i]), now.All(outputs[i]));
                    else
                        unlike[i] = true;
            },
            cancellation: cancellation
        );
        return
        [
            .. layers.Select(
                (l, i) => new LayerDifference(l.Name, outputs[i], unlike[i] ? double.NaN : sums.Decibels(i))
            ),
        ];
    }

    private static IEnumerable<Node> Shared(Network first, Network second)
    {
        NetworkShapes was = NetworkShapes.Of(first),
            now = NetworkShapes.Of(second);
        return second.Nodes.Where(n =>
            n.Operator is LinearOperator or RecurrentOperator
            && QuantizedLayers.OutputOf(n) is var output
            && first.Graph.TryGetProducer(output, out _)
            && was[output] is { Type: ElementType.Float32 }
            && now[output] is { Type: ElementType.Float32 }
        );
    }
}
