namespace Decant.Techniques.Pruning;

/// <summary>n of every m neighbours along a row of a weight's matrix: the pattern that sparse tensor cores take as 2:4 (Mishra et al. 2021).</summary>
internal static class Neighbours
{
    /// <summary>The positions that stay, rising: of every m the n with the largest scores, of equal ones the first; the last group of a row may be shorter.</summary>
    public static int[] Select(WeightMatrix matrix, float[] scores, int n, int m)
    {
        var stays = new bool[scores.Length];
        for (int row = 0; row < matrix.Rows; row++)
            for (int column = 0; column < matrix.Columns; column += m)
                Keep(matrix, scores, stays, row, column, Math.Min(column + m, matrix.Columns), n);
        return [.. Enumerable.Range(0, stays.Length).Where(i => stays[i])];
    }

    private static void Keep(WeightMatrix matrix, float[] scores, bool[] stays, int row, int from, int to, int n)
    {
        for (int kept = 0; kept < n; kept++)
        {
            int best = -1;
            for (int c = from; c < to; c++)
                if (matrix.Position(row, c) is var p && !stays[p] && scores[p] != Selection.Gone && (best < 0 || scores[p] > scores[best])) best = p;
            if (best < 0) return;
            stays[best] = true;
        }
    }
}
