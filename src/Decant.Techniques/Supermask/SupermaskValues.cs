namespace Decant.Techniques.Supermask;

/// <summary>What the weights under a mask are held at.</summary>
public enum SupermaskValues
{
    /// <summary>As they are.</summary>
    Initial,

    /// <summary>Their signs × the standard deviation of the weight.</summary>
    SignedConstant,

    /// <summary>Their signs × one value that all masked weights share, drawn anew for each step; 1 in the result (after Gaier and Ha 2019).</summary>
    Shared,
}
