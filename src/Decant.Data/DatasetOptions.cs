namespace Decant.Data;

/// <summary>What data sets need, beside their name, to become a network's inputs; each kind takes its own.</summary>
public sealed record DatasetOptions
{
    /// <summary>What text needs.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>How images are opened, and what size they get.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>How sound is opened, and what frames become.</summary>
    public AudioOptions Audio { get; init; } = new();

    /// <summary>What random examples are made for.</summary>
    public RandomOptions Random { get; init; } = new();
}
