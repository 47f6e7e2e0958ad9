namespace Decant.Reports;

/// <summary>One weight of a network as it is stored.</summary>
/// <param name="Name">The weight's name.</param>
/// <param name="Shape">Its shape, as people write it.</param>
/// <param name="Encoding">How its numbers are held.</param>
/// <param name="Parameters">How many numbers.</param>
/// <param name="NonZeros">How many are not zero.</param>
/// <param name="Bits">Bits a number before entropy coding.</param>
/// <param name="Macs">Multiply-accumulates of the operators that read it, for one image.</param>
/// <param name="Bytes">Bytes in the container.</param>
public sealed record LayerReport(string Name, string Shape, string Encoding, long Parameters, long NonZeros, int Bits, long Macs, long Bytes);
