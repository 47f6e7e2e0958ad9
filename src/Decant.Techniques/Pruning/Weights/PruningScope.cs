namespace Decant.Techniques.Pruning;

/// <summary>What is ranked together.</summary>
public enum PruningScope
{
    /// <summary>Each weight by itself: each reaches the level.</summary>
    Layer,

    /// <summary>All selected weights: together they reach the level.</summary>
    Global,
}
