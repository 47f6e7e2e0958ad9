namespace Decant.Training.Data;

/// <summary>How far digits are bent: standard deviations, unless said otherwise. Changing any of them changes the set's bytes, and so every result measured on it.</summary>
internal static class DigitStrength
{
    /// <summary>Displacement of each point of a skeleton, in page heights.</summary>
    public const double Jitter = 0.025;

    /// <summary>Displacement of the smooth field's knots, in page heights.</summary>
    public const double Field = 0.065;

    /// <summary>Mean height of a digit, in pixels.</summary>
    public const double Height = 18.5;

    /// <summary>Height, relative.</summary>
    public const double Size = 0.09;

    /// <summary>Width relative to height.</summary>
    public const double Aspect = 0.13;

    /// <summary>Mean of the lean to the right, in widths a height.</summary>
    public const double MeanSlant = 0.12;

    /// <summary>The lean to the right, in widths a height.</summary>
    public const double Slant = 0.18;

    /// <summary>Rotation, in radians.</summary>
    public const double Turn = 0.12;

    /// <summary>The middle's place, in pixels.</summary>
    public const double Place = 1.3;
}
