using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Products of pairs of matrices: y = alpha·a·b + bias, clamped.</summary>
/// <param name="Left">The left matrices, row by row.</param>
/// <param name="Right">The right matrices, row by row, or column by column where they are transposed.</param>
/// <param name="Output">The products, one after another.</param>
/// <param name="Rows">Rows of a product.</param>
/// <param name="Depth">Numbers that each sums over.</param>
/// <param name="Columns">Columns of a product.</param>
internal sealed record ValueProductLayer(PlanBuffer Left, PlanBuffer Right, PlanBuffer Output, int Rows, int Depth, int Columns)
{
    /// <summary>For each pair, where the left matrix begins.</summary>
    public int[] LeftAt { get; init; } = [0];

    /// <summary>For each pair, where the right matrix begins.</summary>
    public int[] RightAt { get; init; } = [0];

    /// <summary>Whether right matrices lie column by column.</summary>
    public bool TransposesRight { get; init; }

    /// <summary>What products are multiplied by.</summary>
    public float Alpha { get; init; } = 1;

    /// <summary>The least result.</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>The greatest result.</summary>
    public float High { get; init; } = float.PositiveInfinity;

    /// <summary>Multiply-accumulates.</summary>
    public long Macs => (long)LeftAt.Length * Rows * Depth * Columns;
}
