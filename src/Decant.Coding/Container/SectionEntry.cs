namespace Decant.Coding;

/// <summary>A line of the section table.</summary>
/// <param name="Kind">What the section holds.</param>
/// <param name="Offset">Where it starts, from the start of the file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Checksum">Their CRC-32.</param>
internal sealed record SectionEntry(DcntSectionKind Kind, long Offset, int Length, uint Checksum);
