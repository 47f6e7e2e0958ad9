namespace Decant.Coding;

/// <summary>What a reader of .dcnt files puts up with.</summary>
public sealed record DcntReadOptions
{
    /// <summary>The usual.</summary>
    public static DcntReadOptions Default { get; } = new();

    /// <summary>The most bytes that all weights of a file may decode to, their element types' sizes counted: 4 GiB unless set.</summary>
    public long MaxDecodedBytes { get; init; } = 4L << 30;
}
