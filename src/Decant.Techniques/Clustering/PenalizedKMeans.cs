namespace Decant.Techniques.Clustering;

/// <summary>
/// The exact optimum of one-dimensional k-means by a price λ for each cluster (Grønlund et al. 2017, section 4):
/// without a number of clusters to keep, the best partition is found in one pass, since the best last split never goes
/// back; λ is changed until there are k.
/// What is best at a price with k clusters is the best with k. O(n) a pass, and a few passes.
/// </summary>
internal sealed class PenalizedKMeans
{
    private const int MostPasses = 60;

    private readonly SortedValues sorted;
    private readonly double[] best;
    private readonly int[] splits,
        candidates,
        starts;

    private PenalizedKMeans(SortedValues sorted)
    {
        this.sorted = sorted;
        int n = sorted.Distinct + 1;
        (best, splits, candidates, starts) = (new double[n], new int[n], new int[n], new int[n]);
    }

    /// <summary>
    /// The ends of k clusters, rising; null where several partitions are equally good at the price, and none of them
    /// was found with k.
    /// </summary>
    public static int[]? Find(SortedValues sorted, int k)
    {
        var search = new PenalizedKMeans(sorted);
        double low = 0,
            high = double.PositiveInfinity,
            price = Math.Max(double.Epsilon, sorted.Cost(0, sorted.Distinct) / k / k / k);
        for (int pass = 0; pass < MostPasses; pass++)
        {
            int count = search.Partition(price);
            if (count == k)
                return search.Ends(count);
            if (count > k)
                low = price;
            else
                high = price;
            // The cost of k clusters falls as k⁻², so that the price of one more falls as k⁻³.
            double next = price * Math.Pow((double)count / k, 3);
            price =
                next > low && next < high ? next
                : double.IsPositiveInfinity(high) ? low * 8
                : low == 0 ? high / 8
                : Math.Sqrt(low * high);
            if (price <= low || price >= high)
                return null;
        }
        return null;
    }

    /// <summary>Finds the best partition at a price, and says how many clusters it has.</summary>
    private int Partition(double price)
    {
        int n = sorted.Distinct,
            head = 0,
            tail = 0;
        (candidates[0], starts[0]) = (0, 1);
        for (int end = 1; end <= n; end++)
        {
            while (head < tail && starts[head + 1] <= end)
                head++;
            splits[end] = candidates[head];
            best[end] = best[candidates[head]] + sorted.Cost(candidates[head], end) + price;
            if (end < n)
                tail = Push(end, head, tail, n);
        }
        int count = 0;
        for (int end = n; end > 0; end = splits[end])
            count++;
        return count;
    }

    /// <summary>Adds a last split; it is the best from some end on, up to which those before it stay.</summary>
    private int Push(int split, int head, int tail, int n)
    {
        while (tail > head && starts[tail] > split && IsBetter(split, candidates[tail], starts[tail]))
            tail--;
        int from = Math.Max(starts[tail], split + 1),
            step = 1,
            to = from;
        while (to <= n && !IsBetter(split, candidates[tail], to))
        {
            from = to + 1;
            to += step;
            step *= 2;
        }
        if (to > n)
        {
            if (from > n || !IsBetter(split, candidates[tail], n))
                return tail;
            to = n;
        }
        while (from < to)
        {
            int middle = from + (to - from) / 2;
            if (IsBetter(split, candidates[tail], middle))
                to = middle;
            else
                from = middle + 1;
        }
        (candidates[++tail], starts[tail]) = (split, to);
        return tail;
    }

    private bool IsBetter(int later, int earlier, int end) =>
        best[later] + sorted.Cost(later, end) < best[earlier] + sorted.Cost(earlier, end);

    private int[] Ends(int count)
    {
        var ends = new int[count];
        for (int end = sorted.Distinct, i = count - 1; i >= 0; end = splits[end], i--)
            ends[i] = end;
        return ends;
    }
}
