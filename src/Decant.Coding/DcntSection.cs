namespace Decant.Coding;

/// <summary>A section of a .dcnt file.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Offset">Where it starts, from the start of the file.</param>
/// <param name="Length">Its bytes: the sum of its weights' bytes, if it holds weights.</param>
/// <param name="Weights">Its weights.</param>
public sealed record DcntSection(DcntSectionKind Kind, long Offset, int Length, IReadOnlyList<DcntWeight> Weights);
