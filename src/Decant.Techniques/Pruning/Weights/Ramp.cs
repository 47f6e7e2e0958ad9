namespace Decant.Techniques.Pruning;

/// <summary>How a level of pruning rises over the rounds of a stage.</summary>
public enum Ramp
{
    /// <summary>Each round keeps the same share of what is left: 1 − (1 − level)^t.</summary>
    Geometric,

    /// <summary>Level times t.</summary>
    Linear,

    /// <summary>Level times 1 − (1 − t)³ (Zhu, Gupta 2017).</summary>
    Cubic,
}
