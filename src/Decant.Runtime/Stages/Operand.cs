using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>What an element-wise layer reads: a value row by row, or a row of constants.</summary>
internal sealed unsafe class Operand
{
    private readonly Pinned<float>? constants;

    public Operand(Walk walk) => Walk = walk;

    public Operand(ReadOnlySpan<float> row) => constants = new Pinned<float>(row);

    /// <summary>The value; null for constants.</summary>
    public Walk? Walk { get; }

    /// <summary>Where a row begins.</summary>
    public float* Row(int row) => Walk is null ? constants!.Address : Walk.Row(row);
}
