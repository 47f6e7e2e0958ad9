namespace Decant.Training.Data;

/// <summary>How a data set is cut into batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Images in a batch, at least 1.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Decides order and augmentation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own; if not, images come as they lie.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether a last batch that is not full is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>What is done to images before preprocessing.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;
}
