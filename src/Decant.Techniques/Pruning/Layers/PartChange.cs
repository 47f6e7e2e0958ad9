namespace Decant.Techniques.Pruning;

/// <summary>What counts of the change that a block or layer makes.</summary>
public enum PartChange
{
    /// <summary>1 − cos(x, y) between what goes in and what comes out, mean over images (Men et al. 2024).</summary>
    Direction,

    /// <summary>‖y − x‖ / ‖x‖, mean over images: of a residual block, the size of what it adds.</summary>
    Size,
}
