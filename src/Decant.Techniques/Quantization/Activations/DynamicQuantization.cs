using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Quantizes the values that selected layers read to 8 bits over the range that they have in each run (dynamic
/// quantization): DynamicQuantizeLinear and DequantizeLinear nodes. Nothing is calibrated, so that no data are needed.
/// Biases, and what lies between layers, stay floats.
/// </summary>
public sealed class DynamicQuantization(DynamicQuantizationOptions options)
    : Technique<DynamicQuantizationOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "dynamic-quantization";

    /// <inheritdoc/>
    public override bool KeepsStatistics => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        var places = QuantizedValues.Of(
            context,
            new ActivationQuantizationOptions { Skip = Options.Skip, Readers = QuantizedReaders.Layers },
            Name
        );
        return
        [
            .. places.Names.Select(v => new PlannedChange(v, "quantize to 8 bits over its range in each run", network =>
                QdqInsertion.AddDynamic(network, v, n => places.Reads(n, v))
            )),
        ];
    }
}

/// <summary>Options of dynamic quantization of activations.</summary>
public sealed record DynamicQuantizationOptions : TechniqueOptions
{
    /// <summary>Names of nodes that read floats, patterns.</summary>
    public ValueList<string> Skip { get; init; } = [];
}
