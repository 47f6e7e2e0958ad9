namespace Decant.Runtime.Memory;

/// <summary>Zeros around an image: rows above and below, columns left and right.</summary>
internal readonly record struct Border(int Top, int Left, int Bottom, int Right)
{
    /// <summary>Whether there are none.</summary>
    public bool IsNone => this == default;

    /// <summary>The wider of two on each side.</summary>
    public Border Union(Border other) =>
        new(Math.Max(Top, other.Top), Math.Max(Left, other.Left), Math.Max(Bottom, other.Bottom), Math.Max(Right, other.Right));
}
