namespace Decant.Coding;

/// <summary>What a reader of .dcnt files puts up with, and takes.</summary>
public sealed record DcntReadOptions
{
    /// <summary>The usual.</summary>
    public static DcntReadOptions Default { get; } = new();

    /// <summary>
    /// The most bytes that all weights of a file may decode to, their element types' sizes counted: 4 GiB unless set.
    /// </summary>
    public long MaxDecodedBytes { get; init; } = 4L << 30;

    /// <summary>The most threads that decode, 0 for one a processor.</summary>
    public int Threads { get; init; }
}

/// <summary>How a .dcnt file is written. The bytes depend on the network and <see cref="Effort"/> alone.</summary>
public sealed record DcntWriteOptions
{
    /// <summary>The usual: the smallest file.</summary>
    public static DcntWriteOptions Default { get; } = new();

    /// <summary>How hard to try.</summary>
    public CodingEffort Effort { get; init; } = CodingEffort.Smallest;

    /// <summary>The most threads that encode, 0 for one a processor.</summary>
    public int Threads { get; init; }
}

/// <summary>How hard a writer tries to make a file small.</summary>
public enum CodingEffort
{
    /// <summary>For each weight, the coding that comes out smallest of all that there are.</summary>
    Smallest,

    /// <summary>
    /// Relative positions and Huffman codes alone, as in Deep Compression (Han, Mao, Dally 2016): faster to decode.
    /// </summary>
    Huffman,
}
