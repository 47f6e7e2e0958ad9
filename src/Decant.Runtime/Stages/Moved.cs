namespace Decant.Runtime.Stages;

/// <summary>Where the numbers of a move come from and go to: along each axis so many steps of so many floats on either side.</summary>
/// <param name="From">The first number that is read.</param>
/// <param name="To">The first that is written.</param>
/// <param name="Extents">Steps along each axis.</param>
/// <param name="Reads">Floats from a number that is read to the next along each axis; 0 repeats.</param>
/// <param name="Writes">Floats from a number that is written to the next.</param>
internal sealed record Moved(int From, int To, int[] Extents, int[] Reads, int[] Writes)
{
    /// <summary>The same move with axes that lie as one on both sides made one, and at least one axis.</summary>
    public Moved Joined()
    {
        List<int> extents = [], reads = [], writes = [];
        for (int axis = 0; axis < Extents.Length; axis++)
        {
            if (Extents[axis] == 1) continue;
            bool one = extents.Count > 0 && reads[^1] == (long)Reads[axis] * Extents[axis] && writes[^1] == (long)Writes[axis] * Extents[axis];
            if (one) (extents[^1], reads[^1], writes[^1]) = (extents[^1] * Extents[axis], Reads[axis], Writes[axis]);
            else
            {
                extents.Add(Extents[axis]);
                reads.Add(Reads[axis]);
                writes.Add(Writes[axis]);
            }
        }
        return extents.Count == 0 ? this with { Extents = [1], Reads = [1], Writes = [1] } : this with { Extents = [.. extents], Reads = [.. reads], Writes = [.. writes] };
    }
}
