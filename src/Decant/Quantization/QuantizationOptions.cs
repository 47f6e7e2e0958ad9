using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Techniques.Quantization;

namespace Decant.Quantization;

/// <summary>How a network is quantized after training. What is out of range is refused where it is used.</summary>
public sealed record QuantizationOptions : IOptions
{
    /// <summary>Bits of weights, 2 to 16.</summary>
    [OptionRange(LinearGrid.LeastBits, LinearGrid.MostBits)]
    public int WeightBits { get; init; } = 8;

    /// <summary>Bits of weights by name, where they differ from <see cref="WeightBits"/>; null if none does.</summary>
    [NoOption]
    public IReadOnlyDictionary<string, int>? BitsOf { get; init; }

    /// <summary>
    /// The most bytes of the file: each layer's weight gets its own bits, 2 to 8, so that it is not larger and the
    /// answers lose least. Null for any size.
    /// </summary>
    public long? MaxBytes { get; init; }

    /// <summary>
    /// The most points of the primary metric lost (a point is a hundredth of a share), measured on a validation set of
    /// training examples: each layer's weight gets its own bits, 2 to 8, so that the file is small. Null for any loss.
    /// </summary>
    [OptionRange(0, 100)]
    public double? MaxPointsLost { get; init; }

    /// <summary>
    /// The most points lost (a point is a hundredth of a share), measured on a validation set of training examples: the
    /// layers that cost most stay floats, as few as hold. Of fidelity every metric that is a share or a cosine counts,
    /// of other tasks the primary one. Null to keep none but those in <see cref="Keep"/>.
    /// </summary>
    [OptionRange(0, 100)]
    public double? KeepsWithin { get; init; }

    /// <summary>Whether ranges of channels are evened out between layers before.</summary>
    public bool Equalizes { get; init; }

    /// <summary>
    /// Whether only weights are quantized: activations and biases stay floats, and besides the weights of layers the
    /// tables are quantized that are looked up in by what the network is given. Rounding to the nearest needs no data.
    /// </summary>
    public bool WeightsOnly { get; init; }

    /// <summary>
    /// How many neighbours of a weight share a scale, along the axis that layers sum over, of a table along its rows; 0
    /// for scales by <see cref="Per"/>. Only with <see cref="WeightsOnly"/>.
    /// </summary>
    [OptionRange(0, MostBlock)]
    public int Block { get; init; }

    /// <summary>
    /// Bits of activations, 2 to 8; 0 leaves them floats. Not looked at with <see cref="WeightsOnly"/>.
    /// </summary>
    [OptionRange(0, MostActivationBits)]
    public int ActivationBits { get; init; } = 8;

    /// <summary>
    /// Whether activations are quantized to 8 bits over the range that they have in each run, so that no data are
    /// needed. Biases stay floats then, and are not corrected.
    /// </summary>
    public bool Dynamic { get; init; }

    /// <summary>Where the codes of weights lie: symmetric or asymmetric.</summary>
    public QuantizationScheme WeightScheme { get; init; } = QuantizationScheme.Symmetric;

    /// <summary>Where the codes of activations lie.</summary>
    public QuantizationScheme ActivationScheme { get; init; } = QuantizationScheme.Asymmetric;

    /// <summary>Which weights share a scale.</summary>
    public ScaleSharing Per { get; init; } = ScaleSharing.Channel;

    /// <summary>How the ranges of weights are chosen.</summary>
    public RangeRule WeightRange { get; init; } = new MseRange();

    /// <summary>How weights are rounded.</summary>
    public WeightRounding Rounding { get; init; } = WeightRounding.Nearest;

    /// <summary>How the ranges of activations are chosen.</summary>
    public RangeRule ActivationRange { get; init; } = new MinMaxRange();

    /// <summary>
    /// Images that activations' ranges, what biases make up for and adaptive rounding are taken from.
    /// </summary>
    [OptionRange(1, 1_000_000)]
    public int Samples { get; init; } = 512;

    /// <summary>Names of weights, patterns, whose layers stay floats.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <summary>
    /// Names of further weights, patterns, that are quantized with <see cref="WeightsOnly"/>: tables of positions, say.
    /// </summary>
    public ValueList<string> Also { get; init; } = [];

    /// <summary>
    /// Whether biases make up for what rounding weights shifts; with adaptive rounding they always do, and of weights
    /// alone or <see cref="Dynamic"/> never.
    /// </summary>
    public bool CorrectsBias { get; init; } = true;

    /// <summary>The preprocessing; null for the network's own, else pixel / 255.</summary>
    [NoOption]
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Training examples that are held out, to choose bits or layers by.</summary>
    internal int HoldOut { get; init; }

    private const int MostActivationBits = 8;
    private const int MostBlock = 1 << 20;

    /// <inheritdoc/>
    void IOptions.Validate()
    {
        if (ActivationBits is > 0 and < LinearGrid.LeastBits)
            throw new OptionsException(
                "activation-bits",
                $"'activation-bits: {ActivationBits}' must be {LinearGrid.LeastBits} to {MostActivationBits}, or 0 for "
                    + "floats"
            );
        if (Dynamic && this is not { ActivationBits: 8, ActivationScheme: QuantizationScheme.Asymmetric })
            throw new OptionsException(
                "dynamic",
                "'dynamic' quantizes activations to 8 bits, asymmetric; leave out their bits and their scheme"
            );
        if (Dynamic && (WeightsOnly || ActivationRange is not MinMaxRange))
            throw new OptionsException(
                "dynamic",
                "'dynamic' takes the range of each run; leave out 'weights-only' and the activations' range"
            );
        if (
            BitsOf?.FirstOrDefault(b => b.Value is < LinearGrid.LeastBits or > LinearGrid.MostBits) is
            { Key: { } weight } wrong
        )
            throw new OptionsException(
                "bits-of",
                $"'{weight}' is to have {wrong.Value} bits; {LinearGrid.LeastBits} to {LinearGrid.MostBits} would work"
            );
        if (Block > 0 && !WeightsOnly)
            throw new OptionsException(
                "block",
                "'block' gives scales to blocks of weights, which no layer computes on integers: ask for 'weights-only'"
            );
        if (Also.Count > 0 && !WeightsOnly)
            throw new OptionsException(
                "also",
                "'also' names weights that no layer multiplies by: ask for 'weights-only'"
            );
        if (WeightsOnly && this is not { MaxBytes: null, MaxPointsLost: null, KeepsWithin: null })
            throw new OptionsException(
                "weights-only",
                "bits and layers are chosen for weights and activations, not for 'weights-only'; leave out the size "
                    + "and the loss"
            );
        if (KeepsWithin is not null && this is not { MaxBytes: null, MaxPointsLost: null })
            throw new OptionsException(
                "keeps-within",
                "layers stay floats so that no more than 'keeps-within' is lost, and bits are chosen by a size or a "
                    + "loss: ask for one of them"
            );
        if (MaxBytes < 1)
            throw new OptionsException("max-bytes", $"'max-bytes: {MaxBytes}' must be at least 1");
        if (MaxBytes is not null && MaxPointsLost is not null)
            throw new OptionsException(
                "max-bytes",
                "a size and a loss are asked for: bits can be chosen by one of them"
            );
        if (Rounding == WeightRounding.Adaptive && this is not { MaxBytes: null, MaxPointsLost: null })
            throw new OptionsException(
                "rounding",
                "bits are chosen for rounding to the nearest, not for 'rounding: adaptive'"
            );
    }

    /// <summary>Checks that every option is in its range, and that options agree.</summary>
    internal QuantizationOptions Checked()
    {
        OptionSchema.Of(typeof(QuantizationOptions)).Check(this);
        return this;
    }

    /// <summary>Whether data must be looked at.</summary>
    public bool NeedsData =>
        !(WeightsOnly || Dynamic)
        || Rounding == WeightRounding.Adaptive
        || this is not { MaxBytes: null, MaxPointsLost: null, KeepsWithin: null };

    /// <summary>Samples by which biases are corrected; 0 for none.</summary>
    internal int BiasSamples => this is { CorrectsBias: true, WeightsOnly: false, Dynamic: false } ? Samples : 0;

    /// <summary>The bits of a weight.</summary>
    internal int BitsFor(string weight) => BitsOf is { } of && of.TryGetValue(weight, out int bits) ? bits : WeightBits;
}

/// <summary>How weights are rounded to their grids.</summary>
public enum WeightRounding
{
    /// <summary>Each to the nearest.</summary>
    Nearest,

    /// <summary>So that layers' outputs change least.</summary>
    Adaptive,
}
