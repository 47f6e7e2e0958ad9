namespace Decant.Runtime.Stages;

/// <summary>What one step of one sequence is computed from. All rows are whole vectors.</summary>
internal unsafe struct CellArguments
{
    /// <summary>The sums of the gates, each of <see cref="Wide"/> numbers.</summary>
    public float* Gates;

    /// <summary>The input's share of the gates.</summary>
    public float* Input;

    /// <summary>The hidden state, which is brought on.</summary>
    public float* Hidden;

    /// <summary>The cell's state, which is brought on; a GRU's state that was reset.</summary>
    public float* Cell;

    /// <summary>Peepholes; null for none.</summary>
    public float* Own;

    /// <summary>Numbers of a gate.</summary>
    public int Wide;

    /// <summary>What gates are clipped to.</summary>
    public float Clip;

    /// <summary>Whether an LSTM's forget gate is 1 less its input gate, or a GRU resets its share of the state and not the state.</summary>
    public bool Variant;

    /// <summary>The functions of the gates.</summary>
    public Activation F, G, H;
}
