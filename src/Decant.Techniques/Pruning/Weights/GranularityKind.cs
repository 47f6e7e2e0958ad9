namespace Decant.Techniques.Pruning;

/// <summary>The kinds of what pruning keeps or drops as a whole.</summary>
public enum GranularityKind
{
    /// <summary>Each number by itself.</summary>
    Weight,

    /// <summary>Blocks of the matrix.</summary>
    Block,

    /// <summary>The inputs of a neuron or filter.</summary>
    Row,

    /// <summary>What all neurons take from one input.</summary>
    Column,

    /// <summary>The taps of a filter on one input channel.</summary>
    Kernel,

    /// <summary>n of every m neighbours of a row stay.</summary>
    NofM,
}
