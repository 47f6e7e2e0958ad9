namespace Decant.Coding;

/// <summary>Where every byte of a .dcnt file goes.</summary>
/// <param name="HeaderLength">Bytes of the magic, the version, the section table and its checksum.</param>
/// <param name="Sections">The sections, in order.</param>
public sealed record DcntLayout(int HeaderLength, IReadOnlyList<DcntSection> Sections)
{
    /// <summary>Bytes of the file: the header's and the sections'.</summary>
    public long FileLength => HeaderLength + Sections.Sum(s => (long)s.Length);
}

/// <summary>A section of a .dcnt file.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Offset">Where it starts, from the start of the file.</param>
/// <param name="Length">Its bytes: the sum of its weights' bytes, if it holds weights.</param>
/// <param name="Weights">Its weights.</param>
public sealed record DcntSection(DcntSectionKind Kind, long Offset, int Length, IReadOnlyList<DcntWeight> Weights);

/// <summary>A weight in a .dcnt file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How its numbers are held: dense, sparse, codebook.</param>
/// <param name="Bytes">Where its bytes go. In a stream that weights share, the parts are known to the byte, not to the
/// bit.</param>
public sealed record DcntWeight(string Name, string Kind, WeightBytes Bytes);

/// <summary>Where the bytes of a coded weight go.</summary>
/// <param name="Method">How it is coded.</param>
/// <param name="Codebook">Bytes of centroids, with what says how it is coded.</param>
/// <param name="Positions">Bytes that say which numbers are not zero.</param>
/// <param name="Values">Bytes of the numbers, or of their indices.</param>
public readonly record struct WeightBytes(WeightMethod Method, long Codebook, long Positions, long Values)
{
    /// <summary>All of them.</summary>
    public long Total => Codebook + Positions + Values;
}

/// <summary>How a weight's numbers are coded, numbered as in the file.</summary>
public enum WeightMethod
{
    /// <summary>As they are, little-endian.</summary>
    Plain = 0,

    /// <summary>Relative positions and canonical Huffman codes.</summary>
    Huffman = 1,

    /// <summary>Adaptive arithmetic coding.</summary>
    Arithmetic = 2,

    /// <summary>Arithmetic coding of a dense weight as a codebook of its distinct values.</summary>
    Values = 3,

    /// <summary>Arithmetic coding in which dense weights may be predicted from what repeats in them.</summary>
    Elements = 4,

    /// <summary>The same after an earlier weight, with which it shares elements.</summary>
    ElementsAfter = 5,
}
