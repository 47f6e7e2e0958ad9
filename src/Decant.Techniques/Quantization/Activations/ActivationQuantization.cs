using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Brings the values that selected layers read, and those between them, to evenly spaced ones: QuantizeLinear and
/// DequantizeLinear nodes (Jacob et al. 2018), which ONNX Runtime and the managed runtime compute in integers where the
/// layer's weight is quantized too.
/// </summary>
public sealed class ActivationQuantization(ActivationQuantizationOptions options)
    : Technique<ActivationQuantizationOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "activation-quantization";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override bool KeepsStatistics => Options.Range is MinMaxRange; // All others clip what they leave out.

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        context.Statistics is null ? [.. CalibratedOf(context, PlacesOf(context)).Select(Request)] : [];

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        QuantizedValues places = PlacesOf(context);
        string[] calibrated = CalibratedOf(context, places);
        Func<string, ValueStatistics> statistics = StatisticsOf(context, calibrated);
        var ranges = calibrated.ToDictionary(
            v => v,
            v => Options.Range.Find(statistics(v), Options.Bits, Options.Scheme),
            StringComparer.Ordinal
        );
        ILookup<string, ValueRange> groups = ranges.ToLookup(
            r => places.Group(r.Key),
            r => r.Value,
            StringComparer.Ordinal
        );
        return
        [
            .. places.Names.Select(v =>
                ranges.ContainsKey(v)
                    ? Change(v, statistics(v), [.. groups[places.Group(v)]], places)
                    : Given(v, context.Parameters!.Activations[v], places)
            ),
        ];
    }

    /// <summary>The values whose ranges are found by calibration, because no parameters of theirs are given.</summary>
    private static string[] CalibratedOf(TechniqueContext context, QuantizedValues places)
    {
        if (context.Parameters is not { } given)
            return [.. places.Names];
        HashSet<string> quantized = [.. places.Names];
        if (given.Activations.Keys.FirstOrDefault(k => !quantized.Contains(k)) is { } unknown)
            throw new ModelException(
                $"quantization parameters are given for '{unknown}', which is no value that is quantized here; there "
                    + $"are {NameList.Of(places.Names)}"
            );
        return [.. places.Names.Where(v => !given.Activations.ContainsKey(v))];
    }

    private static PlannedChange Given(string value, ActivationParameters given, QuantizedValues places) =>
        new(
            value,
            $"quantize to {given.Bits} bits, scale {given.Scale:g4}, zero point {given.ZeroPoint}: given",
            network => QdqInsertion.Add(network, value, given.Grid, n => places.Reads(n, value))
        );

    private DistributionRequest Request(string activation) => new(activation, Options.Samples);

    private Func<string, ValueStatistics> StatisticsOf(TechniqueContext context, string[] calibrated)
    {
        if (context.Statistics is { } given)
            return activation => given[activation];
        if (calibrated.Length == 0)
            return _ => throw new InvalidOperationException("every value has its parameters");
        CollectedStatistics collected = context.Collect([.. calibrated.Select(Request)], "'activation-quantization'");
        return activation => collected.Find(Request(activation))!;
    }

    private QuantizedValues PlacesOf(TechniqueContext context) => QuantizedValues.Of(context, Options, Name);

    private PlannedChange Change(string value, ValueStatistics statistics, ValueRange[] same, QuantizedValues places)
    {
        var range = new ValueRange(same.Min(r => r.Low), same.Max(r => r.High));
        if (Options.Scheme == QuantizationScheme.Unsigned && statistics.Low < 0)
            throw new ModelException(
                $"value '{value}' goes down to {statistics.Low:g4}; 'scheme: unsigned' takes values from 0 "
                    + "on: use asymmetric"
            );
        LinearGrid grid = LinearGrid.Of(range, Options.Bits, Options.Scheme);
        return new PlannedChange(
            value,
            $"quantize to {Options.Bits} bits, {range.Low:g4} to {range.High:g4}: {Options.Range.Name}",
            network => QdqInsertion.Add(network, value, grid, n => places.Reads(n, value))
        )
        {
            Warning =
                range.Low == range.High
                    ? $"value '{value}' is {range.Low + 0:g4} for all calibration data, which gives it no range to "
                        + "quantize: calibrate with data like that which the network will see"
                    : null,
        };
    }
}

/// <summary>Options of linear quantization of activations.</summary>
public sealed record ActivationQuantizationOptions : TechniqueOptions
{
    /// <summary>Bits of a code.</summary>
    [OptionRange(LinearGrid.LeastBits, 8)]
    public int Bits { get; init; } = 8;

    /// <summary>Asymmetric, symmetric, or unsigned.</summary>
    public QuantizationScheme Scheme { get; init; } = QuantizationScheme.Asymmetric;

    /// <summary>How ranges are chosen.</summary>
    public RangeRule Range { get; init; } = new MinMaxRange();

    /// <summary>Images to look at.</summary>
    [OptionRange(1, 1_000_000)]
    public int Samples { get; init; } = 512;

    /// <summary>Names of nodes that read floats, patterns.</summary>
    public ValueList<string> Skip { get; init; } = [];

    /// <summary>What reads from the grid.</summary>
    public QuantizedReaders Readers { get; init; } = QuantizedReaders.All;
}

/// <summary>What reads quantized activations.</summary>
public enum QuantizedReaders
{
    /// <summary>Layers, and what lies between them.</summary>
    All,

    /// <summary>Only layers, while sums and pools read floats.</summary>
    Layers,
}
