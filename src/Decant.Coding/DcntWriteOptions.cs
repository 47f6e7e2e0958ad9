namespace Decant.Coding;

/// <summary>How a .dcnt file is written. The bytes depend on the network and these options alone.</summary>
public sealed record DcntWriteOptions
{
    /// <summary>The usual: the smallest file.</summary>
    public static DcntWriteOptions Default { get; } = new();

    /// <summary>How hard to try.</summary>
    public CodingEffort Effort { get; init; } = CodingEffort.Smallest;
}
