using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>What an element-wise layer reads: a value row by row, or a row of constants.</summary>
internal sealed unsafe class Operand
{
    private readonly Pinned<float>? constants;

    private readonly int repeat = 1;

    /// <summary>A value, each of whose rows is read so many times.</summary>
    public Operand(Walk walk, int repeat = 1) => (Walk, this.repeat) = (walk, repeat);

    /// <summary>Constants that others share.</summary>
    public Operand(Pinned<float> row) => constants = row;

    public Operand(ReadOnlySpan<float> row) => constants = new Pinned<float>(row);

    /// <summary>The value; null for constants.</summary>
    public Walk? Walk { get; }

    /// <summary>Where a row begins.</summary>
    public float* Row(int row) => Walk is null ? constants!.Address : Walk.Row(repeat == 1 ? row : row / repeat);
}
