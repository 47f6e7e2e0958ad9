using Decant.Core;
using Decant.Techniques.Pruning;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Weights;

public sealed class SelectionTests
{
    [Property(MaxTest = 300)]
    public void TheLargestOfAllListsAreSelectedAndOfEqualOnesTheFirst(ulong seed)
    {
        var rng = new Rng(seed);
        float[][] lists =
        [
            .. Enumerable
                .Range(0, 1 + rng.Next(4))
                .Select(_ => Enumerable.Range(0, rng.Next(30)).Select(_ => Score(rng)).ToArray()),
        ];
        (int List, int Index, float Score)[] all = [.. lists.SelectMany((l, i) => l.Select((s, k) => (i, k, s)))];
        if (all.Length == 0)
            return;
        int count = 1 + rng.Next(all.Length);
        var expected = all.OrderByDescending(a => a.Score).Take(count).ToLookup(a => a.List, a => a.Index);
        int[][] selected = Selection.Largest(lists, count);
        for (int i = 0; i < lists.Length; i++)
            Assert.Equal(expected[i].Order(), selected[i]);
    }

    // Few distinct scores so that ties are common, with both zeros, negative ones and some that are gone.
    private static float Score(Rng rng) =>
        rng.Next(6) switch
        {
            0 => -0f,
            1 => 0,
            2 => Selection.Gone,
            3 => -rng.Next(3),
            4 => 1e-30f * rng.Next(3),
            _ => rng.Next(5),
        };
}
