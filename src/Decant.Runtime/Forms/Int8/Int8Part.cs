namespace Decant.Runtime.Forms.Int8;

/// <summary>The part of a product that one call computes: rows and panels of outputs, the ends not included.</summary>
internal readonly record struct Int8Part(int FromRow, int ToRow, int FromPanel, int ToPanel)
{
    /// <summary>All of it.</summary>
    public static Int8Part Whole(Int8Rows rows, Int8Weights weights) => new(0, rows.Rows, 0, weights.Panels);
}
