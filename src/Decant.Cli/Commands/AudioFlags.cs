using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;

namespace Decant.Cli.Commands;

/// <summary>The flags that say how sound becomes a network's input.</summary>
internal sealed class AudioFlags
{
    private readonly Option<int?> frame = new("--frame")
    {
        Description = "samples of a frame of sound (as many as the network takes)",
    };
    private readonly Option<int?> hop = new("--hop")
    {
        Description = "samples from the beginning of a frame to that of the next (a frame)",
    };
    private readonly Option<string?> features = new("--features")
    {
        Description =
            "what a frame becomes: samples, or the magnitude of its Fourier transform, or log-magnitude (samples)",
    };
    private readonly Option<string?> window = new("--window")
    {
        Description = "by what a frame is multiplied before its Fourier transform: hann or none (hann)",
    };

    public AudioFlags(Command command)
    {
        features.AcceptOnlyFromAmong("samples", "magnitude", "log-magnitude");
        window.AcceptOnlyFromAmong("hann", "none");
        foreach (Option option in All)
            command.Options.Add(option);
    }

    private Option[] All => [frame, hop, features, window];

    /// <summary>How sound is opened for a network.</summary>
    /// <exception cref="UsageException">A window is given, and nothing is transformed.</exception>
    /// <exception cref="DataException">The network takes more than one input that is no state.</exception>
    public AudioOptions Read(ParseResult parsed, Network network, NetworkStates states)
    {
        AudioFeatures made = parsed.GetValue(features) switch
        {
            "magnitude" => AudioFeatures.Magnitude,
            "log-magnitude" => AudioFeatures.LogMagnitude,
            _ => AudioFeatures.Samples,
        };
        if (parsed.GetValue(window) is not null && made == AudioFeatures.Samples)
            throw new UsageException($"{window.Name} is of a Fourier transform: add {features.Name} magnitude");
        return new AudioOptions
        {
            Frame = parsed.GetValue(frame) is { } length ? CommonOptions.AtLeast(1, length, frame) : null,
            Hop = parsed.GetValue(hop) is { } step ? CommonOptions.AtLeast(1, step, hop) : null,
            Features = made,
            Window = parsed.GetValue(window) == "none" ? AudioWindow.None : AudioWindow.Hann,
            Limits = StateFlags.Advised(() => states.SoundOf(network)),
        };
    }

    /// <summary>Refuses flags that say something of sound where there is none.</summary>
    /// <exception cref="UsageException">One is given; it is named.</exception>
    public void CheckNeeded(ParseResult parsed, string data)
    {
        if (Datasets.IsAudio(data))
            return;
        foreach (Option flag in All)
            if (parsed.GetResult(flag) is { Implicit: false })
                throw new UsageException($"{flag.Name} is of sound, and data set '{data}' is none; leave it out");
    }
}
