namespace Decant.Coding;

/// <summary>Where the bytes of a coded weight go.</summary>
/// <param name="Method">How it is coded.</param>
/// <param name="Codebook">Bytes of shared numbers, with what says how it is coded.</param>
/// <param name="Positions">Bytes that say which numbers are not zero.</param>
/// <param name="Values">Bytes of the numbers, or of their indices.</param>
public readonly record struct WeightBytes(WeightMethod Method, long Codebook, long Positions, long Values)
{
    /// <summary>All of them.</summary>
    public long Total => Codebook + Positions + Values;
}
