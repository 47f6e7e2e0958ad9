namespace Decant.Speed;

/// <summary>What to measure of a model's speed.</summary>
public sealed record SpeedOptions
{
    /// <summary>Whether ONNX Runtime takes turns with the managed runtime.</summary>
    public bool AgainstOnnxRuntime { get; init; }

    /// <summary>Threads of each.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What unknown extents of inputs are taken for.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>How they take turns.</summary>
    public TurnOptions Turns { get; init; } = new();

    /// <summary>Runs over which layers are timed.</summary>
    public int Profiled { get; init; } = 50;

    /// <summary>How often a file is loaded to time it.</summary>
    public int Loads { get; init; } = 5;
}
