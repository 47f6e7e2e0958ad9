namespace Decant.Runtime.Kernels;

/// <summary>
/// How a tensor is walked to reduce it: neighbouring axes of one kind are one axis; the last one is a line, kept or reduced. Blocks are
/// the kept places before it, and each block has lines, one for each reduced place before it.
/// </summary>
internal sealed class ReductionLoops
{
    private readonly int[] keptExtents, keptStrides, reducedExtents, reducedStrides;

    public ReductionLoops(Shape x, bool[] reduced)
    {
        int[] strides = Strides.Of(x);
        var axes = new List<(int Extent, int Stride, bool Reduced)>();
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (x[axis] == 1) continue;
            bool goesOn = axes.Count > 0 && axes[^1].Reduced == reduced[axis];
            var merged = (goesOn ? checked(axes[^1].Extent * x[axis]) : x[axis], strides[axis], reduced[axis]);
            if (goesOn) axes[^1] = merged;
            else axes.Add(merged);
        }
        (Width, _, LineIsReduced) = axes.Count > 0 ? axes[^1] : (1, 1, true);
        var kept = axes.SkipLast(1).Where(a => !a.Reduced).ToArray();
        var gone = axes.SkipLast(1).Where(a => a.Reduced).ToArray();
        (keptExtents, keptStrides) = ([.. kept.Select(a => a.Extent)], [.. kept.Select(a => a.Stride)]);
        (reducedExtents, reducedStrides) = ([.. gone.Select(a => a.Extent)], [.. gone.Select(a => a.Stride)]);
        (Blocks, Lines) = (checked((int)new Shape(keptExtents).Count), checked((int)new Shape(reducedExtents).Count));
    }

    /// <summary>How long a line is.</summary>
    public int Width { get; }

    /// <summary>Whether a line is reduced to one number; else lines are reduced to one line.</summary>
    public bool LineIsReduced { get; }

    /// <summary>How many blocks there are.</summary>
    public int Blocks { get; }

    /// <summary>How many lines a block has.</summary>
    public int Lines { get; }

    /// <summary>Where a line of a block begins.</summary>
    public int Start(int block, int line) => Strides.Offset(block, keptExtents, keptStrides) + Strides.Offset(line, reducedExtents, reducedStrides);
}
