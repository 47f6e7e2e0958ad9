using Decant.Coding;

namespace Decant.Reports;

/// <summary>One part of a container.</summary>
/// <param name="Name">header, description, or the weights it holds.</param>
/// <param name="Coding">How its numbers are coded; empty where it holds none.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Codebook">Bytes of shared numbers.</param>
/// <param name="Positions">Bytes that say where the non-zeros are.</param>
/// <param name="Values">Bytes of indices or numbers.</param>
public sealed record SectionReport(string Name, string Coding, long Bytes, long Codebook, long Positions, long Values)
{
    internal static IReadOnlyList<SectionReport> Of(DcntLayout layout)
    {
        List<SectionReport> parts = [new("header", "", layout.HeaderLength, 0, 0, 0)];
        foreach (DcntSection section in layout.Sections) parts.AddRange(Of(section));
        return parts;
    }

    /// <summary>A section's weights, and what the section itself costs beyond them.</summary>
    private static IEnumerable<SectionReport> Of(DcntSection section)
    {
        foreach (DcntWeight w in section.Weights)
            yield return new SectionReport(w.Name, w.Bytes.Method.ToString().ToLowerInvariant(), w.Bytes.Total, w.Bytes.Codebook, w.Bytes.Positions, w.Bytes.Values);
        long rest = section.Length - section.Weights.Sum(w => w.Bytes.Total);
        if (rest != 0) yield return new SectionReport(section.Weights.Count == 0 ? section.Kind.ToString().ToLowerInvariant() : "section marks", "", rest, 0, 0, 0);
    }
}
