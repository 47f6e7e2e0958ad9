using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>What is restored.</summary>
public enum RestoredSignal
{
    /// <summary>Images: the primary metric is PSNR.</summary>
    Image,

    /// <summary>Sound: the primary metric is SI-SNR.</summary>
    Audio,
}

/// <summary>Options of <see cref="Restoration"/>.</summary>
public sealed record RestorationOptions
{
    /// <summary>What is restored.</summary>
    public RestoredSignal Signal { get; init; }

    /// <summary>
    /// The largest value of an image, for PSNR: 1 or 255, say; 0 for 255 where targets are bytes, and 1 else.
    /// </summary>
    [OptionRange(0, double.MaxValue)]
    public double Peak { get; init; }

    internal RestorationOptions Checked() =>
        double.IsFinite(Peak) && Peak >= 0
            ? this
            : throw new OptionsException("peak", $"'peak' is {Peak}; the largest value of an image would work");
}

/// <summary>
/// Denoising, super-resolution, and what else makes a signal better: one target, the signal as it should be, in the
/// shape of an output. Frames that follow each other in a source with states or sequences are one signal.
/// </summary>
/// <param name="options">What is restored; null for the defaults.</param>
/// <exception cref="OptionsException">The peak is negative or not finite.</exception>
public sealed class Restoration(RestorationOptions? options = null) : LearningTask
{
    /// <summary>The options.</summary>
    public RestorationOptions Options { get; } = (options ?? new()).Checked();

    /// <inheritdoc/>
    public override string Name => "restoration";

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    /// <remarks>PSNR and SNR of images, SI-SNR and SNR of sound.</remarks>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data)
    {
        int output = ValuesOutput.Of(network, data);
        double peak =
            Options.Peak > 0 ? Options.Peak
            : data.Targets[0].Type == ElementType.UInt8 ? byte.MaxValue
            : 1;
        ImmutableArray<int>? starts = StartsOf(data);
        return Options.Signal == RestoredSignal.Audio
            ? [new ScaleInvariantSignalToNoise(output, starts), new RestoredSignalToNoise(output, starts)]
            : [new PeakSignalToNoise(output, peak, starts), new RestoredSignalToNoise(output, starts)];
    }

    /// <inheritdoc/>
    public override int ScoredOutput(Network network, IDataSource data) => ValuesOutput.Of(network, data);

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data) => ValuesOutput.Misfit(this, network, data);

    private static ImmutableArray<int>? StartsOf(IDataSource data) => data.Starts.IsEmpty ? null : data.Starts;
}
