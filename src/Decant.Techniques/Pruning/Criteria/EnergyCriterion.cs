using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Importance per energy: |w| over what the number costs in an inference, so that of equally large numbers those go
/// first that save most (after Yang, Chen, Sze 2017). Energies are relative to a multiply-accumulate.
/// </summary>
public sealed record EnergyCriterion : Criterion
{
    // Chen, Emer, Sze 2016 (Eyeriss), as Yang, Chen, Sze 2017 use them.
    private const double Mac = 1,
        Register = 1,
        Buffer = 6,
        Dram = 200;

    /// <summary>A multiply-accumulate reads a weight, an input and a partial sum, and writes the sum.</summary>
    private const double EachUse = Mac + 4 * Register;

    /// <summary>A number comes once an image from memory through the buffer, or goes there.</summary>
    private const double EachTransfer = Dram + Buffer;

    /// <inheritdoc/>
    public override string Name => "energy";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context)
    {
        var shapes = NetworkShapes.OfOneExample(context.Network);
        return context.Weights.ToDictionary(
            w => w.Name,
            w =>
            {
                double energy = OfNumber(context.Network, shapes, w);
                return Array.ConvertAll(w.Encoding.Decode().Array<float>(), v => (float)(Math.Abs(v) / energy));
            },
            StringComparer.Ordinal
        );
    }

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        var shapes = NetworkShapes.OfOneExample(context.Network);
        IReadOnlyList<Weight> weights = WeightsOf(context.Network, units);
        var numbers = weights.ToDictionary(
            w => w.Name,
            w => w.Encoding.Decode().Array<float>(),
            StringComparer.Ordinal
        );
        var energies = weights.ToDictionary(
            w => w.Name,
            w => OfNumber(context.Network, shapes, w),
            StringComparer.Ordinal
        );
        var made = context
            .Network.Nodes.Where(n => shapes.Macs(n) > 0)
            .Select(n => n.Outputs[0])
            .ToHashSet(StringComparer.Ordinal);
        double[] magnitudes = Sum(numbers, units, Math.Abs);
        return
        [
            .. units.Select(
                (u, i) => magnitudes[i] / (u.Regions.Sum(r => r.Count * energies[r.Weight]) + OfValues(u, shapes, made))
            ),
        ];
    }

    /// <summary>What a single weight costs: its multiply-accumulates, and once the way from memory.</summary>
    private static double OfNumber(Network network, NetworkShapes shapes, Weight weight)
    {
        double macs = network
            .Nodes.Where(n => n.Inputs.Take(2).Contains(weight.Name, StringComparer.Ordinal))
            .Sum(n => (double)shapes.Macs(n));
        return EachUse * Math.Max(1, macs / Math.Max(1, weight.Encoding.Count)) + EachTransfer;
    }

    /// <summary>What a unit's part of layers' outputs costs: written to memory and read again.</summary>
    private static double OfValues(PruningUnit unit, NetworkShapes shapes, HashSet<string> made) =>
        unit
            .Values.Where(v => made.Contains(v.Value))
            .Sum(v =>
                shapes[v.Value]?.Shape is { IsKnown: true } shape
                    ? 2 * EachTransfer * v.Indices.Length * shape.Count / shape[v.Axis]
                    : 0.0
            );
}
