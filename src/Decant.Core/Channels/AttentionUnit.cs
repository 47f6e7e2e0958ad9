namespace Decant.Core;

/// <summary>What is one channel of an attention layer.</summary>
public enum AttentionUnit
{
    /// <summary>The same dimension of every head: heads become narrower, and stay as many.</summary>
    Dimension,

    /// <summary>A whole head: its queries, keys and values.</summary>
    Head,
}
