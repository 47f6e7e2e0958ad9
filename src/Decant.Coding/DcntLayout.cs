namespace Decant.Coding;

/// <summary>Where every byte of a .dcnt file goes.</summary>
/// <param name="HeaderLength">Bytes of the magic, the version, the section table and its checksum.</param>
/// <param name="Sections">The sections, in order.</param>
public sealed record DcntLayout(int HeaderLength, IReadOnlyList<DcntSection> Sections)
{
    /// <summary>Bytes of the file: the header's and the sections'.</summary>
    public long FileLength => HeaderLength + Sections.Sum(s => (long)s.Length);
}
