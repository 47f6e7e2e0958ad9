namespace Decant.Coding;

/// <summary>A weight in a .dcnt file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How its numbers are held: dense, sparse, codebook.</param>
/// <param name="Bytes">Where its bytes go. In a stream that weights share, the parts are known to the byte, not to the bit.</param>
public sealed record DcntWeight(string Name, string Kind, WeightBytes Bytes);
