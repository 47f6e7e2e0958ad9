using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Decides how many channels each class keeps in a round.</summary>
internal sealed class CutCounts
{
    private const int MostRounds = 1000; // As many as a stage can have.

    private readonly StructuredPruningOptions options;
    private readonly TechniqueContext context;
    private readonly CutClasses classes;
    private readonly long original;

    public CutCounts(StructuredPruningOptions options, TechniqueContext context, CutClasses classes)
    {
        (this.options, this.context, this.classes) = (options, context, classes);
        original =
            options.Budget.Of == CutMeasure.Channels
                ? classes.Original.Sum(n => (long)n)
                : NetworkCost.Of(context.Reference!, options.Budget.Of);
        if (original == 0)
            throw new ModelException(
                "the network's multiply-accumulates are not known, since sizes of its inputs are open: give these, or "
                    + "use 'level' or 'parameters'"
            );
    }

    private bool IsByGroup => options.Budget.Of == CutMeasure.Channels && !options.IsGlobal;

    /// <summary>The counts.</summary>
    /// <exception cref="ModelException">The budget cannot be met in the rounds that are left; what would do is
    /// said.</exception>
    public int[] Kept()
    {
        int left = context.Rounds - context.Round + 1;
        if (!Meets(classes.Floors(left)))
            throw Unreachable(left);
        int[] floors = classes.Floors(1);
        double share = options.Budget.At(options.Ramp, context.Progress);
        if (IsByGroup)
            return [.. floors.Select((floor, c) => Math.Max(floor, Target(c, share)))];
        long most = Most(share);
        int[] order = classes.Order();
        int low = 0,
            high = order.Length;
        // What is left falls with every channel cut, so the first cut that reaches the budget is found by halving.
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (classes.Cost(After(order, middle, floors)) <= most)
                high = middle;
            else
                low = middle + 1;
        }
        return After(order, low, floors);
    }

    private bool Meets(int[] kept) =>
        IsByGroup
            ? !kept.Where((k, c) => k > Target(c, options.Budget.Left)).Any()
            : classes.Cost(kept) <= Most(options.Budget.Left);

    private long Most(double share) => (long)Math.Round(original * share);

    private int Target(int c, double share)
    {
        int kept = (int)Math.Round(classes.Original[c] * share);
        if (kept == 0 && options.Least is null)
            throw new ModelException(
                $"{classes.All[c].Name} of {classes.Original[c]} channels would be pruned to nothing "
                    + $"({options.Budget}); use a lower level, or 'least: 1' to keep one channel"
            );
        return classes.Rounded(Math.Max(options.Least ?? 1, kept), classes.Now[c]);
    }

    private int[] After(int[] order, int cuts, int[] floors)
    {
        int[] kept = [.. classes.Now];
        foreach (int c in order.AsSpan(0, cuts))
            kept[c]--;
        for (int c = 0; c < kept.Length; c++)
            kept[c] = Math.Max(floors[c], classes.Rounded(kept[c], classes.Now[c]));
        return kept;
    }

    private ModelException Unreachable(int left)
    {
        int[] floors = classes.Floors(left);
        for (int rounds = left + 1; rounds <= MostRounds; rounds++)
        {
            int[] next = classes.Floors(rounds);
            if (next.AsSpan().SequenceEqual(floors))
                break;
            floors = next;
            if (Meets(floors))
                return new ModelException(
                    $"{options.Budget} cannot be met in {context.Rounds} rounds when at most "
                        + $"{options.AtMost} of a layer's channels are pruned in each; {context.Round - 1 + rounds} "
                        + "rounds would do, or a larger 'at-most'"
                );
        }
        return new ModelException(
            $"{options.Budget} cannot be met: with all layers pruned as far as 'least', 'multiple' and "
                + $"'at-most' allow {100.0 * classes.Cost(floors) / original:0.##} % remains; ask for less, "
                + "or select more weights"
        );
    }
}
