using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Quantization;
using Decant.Techniques.Quantization;

namespace Decant.Cli.Commands;

/// <summary>The options of quantization after training.</summary>
internal sealed class QuantizeFlags
{
    private static readonly QuantizationOptions Usual = new();

    private readonly Option<int> weightBits = new("--weight-bits", "--bits")
    {
        Description = "bits of weights, 2 to 16 (8)",
        DefaultValueFactory = _ => Usual.WeightBits,
    };
    private readonly Option<int> activationBits = new("--activation-bits")
    {
        Description = "bits of activations, 2 to 8; 0 leaves them floats (8)",
        DefaultValueFactory = _ => Usual.ActivationBits,
    };
    private readonly Option<bool> weightsOnly = new("--weights-only")
    {
        Description =
            "quantize weights and the tables that are looked up in, and leave activations floats; needs no --data "
            + "where weights are rounded to the nearest",
    };
    private readonly Option<bool> dynamic = new("--dynamic")
    {
        Description =
            "quantize activations to 8 bits over the range that they have in each run (dynamic quantization); needs no "
            + "--data",
    };
    private readonly Option<int> block = new("--block")
    {
        Description = "with --weights-only: how many neighbours share a scale, such as 32; 0 for scales by --per (0)",
        DefaultValueFactory = _ => Usual.Block,
    };
    private readonly Option<string> weightScheme = new("--weight-scheme")
    {
        Description = "symmetric or asymmetric",
        DefaultValueFactory = _ => Written(Usual.WeightScheme),
    };
    private readonly Option<string> activationScheme = new("--activation-scheme")
    {
        Description = "asymmetric, symmetric or unsigned",
        DefaultValueFactory = _ => Written(Usual.ActivationScheme),
    };
    private readonly Option<string> per = new("--per")
    {
        Description = "a scale for each output channel of a weight, or one: channel or tensor",
        DefaultValueFactory = _ => Written(Usual.Per),
    };
    private readonly Option<string> weightRange = new("--weight-range")
    {
        Description = $"how weights' ranges are chosen: {string.Join(", ", Ranges)}",
        DefaultValueFactory = _ => Usual.WeightRange.Name,
    };
    private readonly Option<string> rounding = new("--rounding")
    {
        Description =
            "nearest; or adaptive, which minimizes the error of layers' outputs: slower, and better at low bit widths",
        DefaultValueFactory = _ => Written(Usual.Rounding),
    };
    private readonly Option<string> activationRange = new("--activation-range")
    {
        Description = "how activations' ranges are chosen",
        DefaultValueFactory = _ => Usual.ActivationRange.Name,
    };
    private readonly Option<int> samples = new("--samples")
    {
        Description = "examples to calibrate on (512)",
        DefaultValueFactory = _ => Usual.Samples,
    };
    private readonly Option<string[]> keep = new("--keep")
    {
        Description = "weights whose layers stay floats: patterns",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> keepWithin = new("--keep-within")
    {
        Description =
            "the most points lost, such as 0.5%, on a validation set of training examples: the layers that cost most "
            + "stay floats; without labels, of agreement and of each cosine similarity with the original's outputs",
    };
    private readonly Option<string[]> also = new("--also")
    {
        Description = "with --weights-only: further weights that are quantized, such as tables of positions: patterns",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> plainBias = new("--no-bias-correction") { Description = "do not correct biases" };

    private readonly Option<bool> equalize = new("--equalize")
    {
        Description = "equalize the ranges of channels across layers first",
    };
    private readonly Option<string?> size = new("--size")
    {
        Description =
            "the largest file, such as 100kB or 150000; mixed precision: each layer gets its own bits, 2 to 8",
    };
    private readonly Option<string?> loss = new("--loss")
    {
        Description =
            "the most points of the primary metric lost, such as 0.5%, on a validation set of up to 2,000 "
            + "training examples; each "
            + "layer gets its own bits, 2 to 8, so that the file is small",
    };

    public QuantizeFlags(Command command)
    {
        foreach (
            Option option in new Option[]
            {
                weightBits,
                activationBits,
                weightsOnly,
                dynamic,
                block,
                weightScheme,
                activationScheme,
                per,
                weightRange,
                rounding,
                activationRange,
                samples,
                keep,
                keepWithin,
                also,
                plainBias,
                equalize,
                size,
                loss,
            }
        )
            command.Options.Add(option);
    }

    /// <summary>The most bytes of the file; null for any.</summary>
    private long? Size(ParseResult parsed)
    {
        if (parsed.GetValue(size) is not { } text)
            return null;
        if (parsed.GetResult(weightBits) is { Implicit: false })
            throw new UsageException("--size chooses the bits of weights; leave out --weight-bits");
        return Units.TryReadBytes(text, out long bytes) && bytes > 0
            ? bytes
            : throw new UsageException($"--size is {text}; a number of bytes, or a size such as 100kB, would work");
    }

    /// <summary>The most accuracy lost, in points; null where none is asked for.</summary>
    private double? Loss(ParseResult parsed)
    {
        if (parsed.GetValue(loss) is not { } text)
            return null;
        if (parsed.GetResult(weightBits) is { Implicit: false } || parsed.GetValue(size) is not null)
            throw new UsageException("--loss chooses the bits of weights; leave out --weight-bits and --size");
        return CommonOptions.Points(text, loss);
    }

    private double? KeepWithin(ParseResult parsed)
    {
        if (parsed.GetValue(keepWithin) is not { } text)
            return null;
        if (parsed.GetValue(size) is not null || parsed.GetValue(loss) is not null)
            throw new UsageException("--keep-within chooses layers, --size and --loss bits; leave out one");
        return CommonOptions.Points(text, keepWithin);
    }

    /// <summary>What the flags say.</summary>
    /// <exception cref="UsageException">They do not go together, or a value is out of its range.</exception>
    public QuantizationOptions Read(ParseResult parsed)
    {
        Word(parsed, weightScheme, "symmetric", "asymmetric");
        Word(parsed, activationScheme, "asymmetric", "symmetric", "unsigned");
        Word(parsed, per, "channel", "tensor");
        Word(parsed, weightRange, [.. Ranges]);
        Word(parsed, activationRange, [.. Ranges]);
        Word(parsed, rounding, "nearest", "adaptive");
        if (
            parsed.GetValue(rounding) == "adaptive"
            && (parsed.GetValue(size) is not null || parsed.GetValue(loss) is not null)
        )
            throw new UsageException("--size and --loss round to the nearest; leave out --rounding adaptive");
        if (parsed.GetValue(plainBias) && parsed.GetValue(rounding) == "adaptive")
            throw new UsageException(
                "--rounding adaptive makes up for its means in biases; leave out --no-bias-correction"
            );
        CheckWeightsOnly(parsed);
        CheckDynamic(parsed);
        int activations = parsed.GetValue(activationBits),
            weights = parsed.GetValue(weightBits);
        if (weights is < LinearGrid.LeastBits or > LinearGrid.MostBits)
            throw new UsageException(
                $"--weight-bits is {weights}; {LinearGrid.LeastBits} to {LinearGrid.MostBits} would work"
            );
        if (activations is not (0 or (>= LinearGrid.LeastBits and <= 8)))
            throw new UsageException($"--activation-bits is {activations}; 2 to 8, or 0 for floats, would work");
        return new QuantizationOptions
        {
            WeightBits = weights,
            ActivationBits = activations,
            WeightsOnly = parsed.GetValue(weightsOnly),
            Dynamic = parsed.GetValue(dynamic),
            Block = CommonOptions.AtLeast(0, parsed.GetValue(block), block),
            WeightScheme = Read<QuantizationScheme>(parsed, weightScheme),
            ActivationScheme = Read<QuantizationScheme>(parsed, activationScheme),
            Per = Read<ScaleSharing>(parsed, per),
            WeightRange = RangeRule.Parse(parsed.GetValue(weightRange)!),
            Rounding = Read<WeightRounding>(parsed, rounding),
            ActivationRange = RangeRule.Parse(parsed.GetValue(activationRange)!),
            Samples = CommonOptions.AtLeast(1, parsed.GetValue(samples), samples),
            Keep = [.. parsed.GetValue(keep) ?? []],
            Also = [.. parsed.GetValue(also) ?? []],
            Equalizes = parsed.GetValue(equalize),
            CorrectsBias = !parsed.GetValue(plainBias),
            MaxBytes = Size(parsed),
            MaxPointsLost = Loss(parsed),
            KeepsWithin = KeepWithin(parsed),
        };
    }

    private void CheckWeightsOnly(ParseResult parsed)
    {
        if (!parsed.GetValue(weightsOnly))
        {
            Option[] useless = [block, also];
            if (useless.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } alone)
                throw new UsageException($"{alone.Name} is for weights alone; add --weights-only");
            return;
        }
        Option[] others = [activationBits, activationScheme, activationRange, size, loss, keepWithin];
        if (others.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } other)
            throw new UsageException($"--weights-only leaves activations floats; leave out {other.Name}");
    }

    private void CheckDynamic(ParseResult parsed)
    {
        if (!parsed.GetValue(dynamic))
            return;
        Option[] others = [weightsOnly, activationBits, activationScheme, activationRange, plainBias];
        if (others.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } other)
            throw new UsageException(
                $"--dynamic takes 8 bits over the range of each run, and corrects no biases; leave out {other.Name}"
            );
    }

    private static IEnumerable<string> Ranges => RangeRule.Shipped.Select(r => r.Name);

    private static string Written<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T Read<T>(ParseResult parsed, Option<string> option)
        where T : struct, Enum => Enum.Parse<T>(parsed.GetValue(option)!, ignoreCase: true);

    private static void Word(ParseResult parsed, Option<string> option, params string[] possible)
    {
        if (!possible.Contains(parsed.GetValue(option)))
            throw new UsageException(
                $"{option.Name} is '{parsed.GetValue(option)}'; {string.Join(", ", possible)} would work"
            );
    }
}
