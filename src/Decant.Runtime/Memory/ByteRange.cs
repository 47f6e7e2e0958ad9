namespace Decant.Runtime.Memory;

/// <summary>What bytes stand for: (q - Zero)·Scale.</summary>
/// <param name="Scale">A step.</param>
/// <param name="Zero">The byte that stands for zero.</param>
/// <param name="Signed">Whether bytes are -128 to 127 and not 0 to 255.</param>
internal readonly record struct ByteRange(float Scale, int Zero, bool Signed)
{
    /// <summary>The least byte.</summary>
    public int Least => Signed ? sbyte.MinValue : byte.MinValue;

    /// <summary>The greatest byte.</summary>
    public int Greatest => Signed ? sbyte.MaxValue : byte.MaxValue;

    /// <summary>The byte that is nearest to a number.</summary>
    public int Of(float value) => float.IsInfinity(value)
        ? value < 0 ? Least : Greatest
        : (int)Math.Clamp(MathF.Round(value / Scale) + Zero, Least, Greatest);
}
