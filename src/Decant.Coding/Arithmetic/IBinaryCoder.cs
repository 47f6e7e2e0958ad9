namespace Decant.Coding;

/// <summary>
/// One decision at a time, with its probability: an encoder writes the value that it is given, a decoder ignores it and
/// returns the value that it reads. A model written once over this serves both, so that both adapt alike.
/// </summary>
internal interface IBinaryCoder
{
    /// <summary>Bytes settled so far; an encoder and its decoder agree on it.</summary>
    int Length { get; }

    /// <summary>Codes one bit.</summary>
    /// <param name="bit">The bit, 0 or 1; a decoder ignores it.</param>
    /// <param name="p1">The probability that the bit is 1, in 1/65536; 1 to 65535.</param>
    /// <returns>The bit.</returns>
    int Code(int bit, int p1);

    /// <summary>Codes 0 to 16 bits of which nothing is known.</summary>
    /// <param name="value">The number; a decoder ignores it.</param>
    /// <param name="bits">How many bits.</param>
    /// <returns>The number.</returns>
    uint CodeRaw(uint value, int bits);
}
