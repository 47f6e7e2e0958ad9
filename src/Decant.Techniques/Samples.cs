using Decant.Core;
using Decant.Training.Data;

namespace Decant.Techniques;

/// <summary>The images that a technique looks at: some of the run's, drawn by seed, in the order in which they lie.</summary>
public static class Samples
{
    /// <summary>At most <paramref name="count"/> of the training images.</summary>
    /// <param name="context">Whose.</param>
    /// <param name="count">How many.</param>
    /// <param name="what">What needs them, for the error.</param>
    /// <exception cref="DataException">The run has none.</exception>
    public static Dataset Of(TechniqueContext context, int count, string what)
    {
        Dataset data = context.NeedData(what);
        if (data.Count <= count) return data;
        int[] order = [.. Enumerable.Range(0, data.Count)];
        Rng.For(context.Seed, "criterion-samples").Shuffle<int>(order);
        int[] chosen = order[..count];
        Array.Sort(chosen);
        return data.Take(chosen);
    }
}
