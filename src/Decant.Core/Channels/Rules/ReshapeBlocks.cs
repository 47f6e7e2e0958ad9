namespace Decant.Core.Channels.Rules;

/// <summary>Cuts two shapes of the same elements into the shortest runs of axes that hold as many on either side.</summary>
internal static class ReshapeBlocks
{
    /// <summary>The runs, in order; null if unknown extents hide them. Axes of extent 1 at the end stand in the last.</summary>
    public static List<(Range From, Range To)>? Between(Shape x, Shape y)
    {
        var blocks = new List<(Range, Range)>();
        for (int i = 0, j = 0; i < x.Rank || j < y.Rank;)
        {
            int i0 = i, j0 = j;
            if (i < x.Rank && j < y.Rank && x[i] < 0 && y[j] < 0) (i, j) = (i + 1, j + 1);
            else if (!Run(x, y, ref i, ref j)) return null;
            blocks.Add((i0..i, j0..j));
        }
        return blocks;
    }

    private static bool Run(Shape x, Shape y, ref int i, ref int j)
    {
        // An axis of extent 1 on one side alone is a run of its own.
        if (i < x.Rank && x[i] == 1 && !(j < y.Rank && y[j] == 1)) return Next(ref i);
        if (j < y.Rank && y[j] == 1 && !(i < x.Rank && x[i] == 1)) return Next(ref j);
        if (i == x.Rank || j == y.Rank || x[i] < 0 || y[j] < 0) return false;
        long a = x[i++], b = y[j++];
        while (a != b)
        {
            ref int at = ref a < b ? ref i : ref j;
            Shape shape = a < b ? x : y;
            if (at == shape.Rank || shape[at] < 0) return false;
            if (a < b) a *= shape[at++];
            else b *= shape[at++];
        }
        return true;
    }

    private static bool Next(ref int at)
    {
        at++;
        return true;
    }
}
