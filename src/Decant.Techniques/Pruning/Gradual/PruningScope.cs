namespace Decant.Techniques.Pruning.Gradual;

/// <summary>Among what numbers the smallest are found.</summary>
public enum PruningScope
{
    /// <summary>Each weight by itself.</summary>
    Layer,

    /// <summary>All selected weights together.</summary>
    Global,
}
