using Decant.Core;
using Decant.Runtime;
using Decant.Speed;

namespace Decant.Reports;

/// <summary>What a report says aloud because its table does not show it: where compression brought nothing.</summary>
internal static class ReportNotes
{
    private const int Named = 5;

    /// <summary>Notes on a compressed network, one line each; none where all is as one would hope.</summary>
    /// <param name="network">The network as decoded from its container.</param>
    /// <param name="before">The length of the container of the network that went in.</param>
    /// <param name="after">The length of the network's own.</param>
    /// <param name="ratio">Its time over that of the network that went in; null if not measured.</param>
    public static IReadOnlyList<string> Of(Network network, long before, long after, Timing? ratio)
    {
        var notes = new List<string>();
        if (ratio is not null && SpeedComparison.IsSlower(ratio))
            notes.Add($"slower than the original: {SpeedComparison.Text(ratio)} on this processor, one thread");
        string[] idle = Idle(network, out int pruned);
        if (idle.Length > 0)
            notes.Add(
                $"no faster there: {idle.Length} of {pruned} pruned layers are computed in dense floats, "
                    + "since their sparsity is too low for a sparse kernel "
                    + $"to be faster ({NameList.Of(idle, Named)})"
                    + (idle.Length == pruned ? "; structured-pruning makes layers faster at any level" : "")
            );
        if (after >= before)
            notes.Add($"no smaller: {after:N0} bytes against {before:N0} before");
        return notes;
    }

    /// <summary>Layers whose weight is sparse and whose kernel multiplies by its zeros too.</summary>
    private static string[] Idle(Network network, out int pruned)
    {
        var sparse = network
            .Nodes.Where(n =>
                n.Inputs.Any(i =>
                    network.Weights.TryGet(i, out var w) && w.Encoding is SparseEncoding { Shape.Rank: > 1 }
                )
            )
            .Select(n => n.Name)
            .ToHashSet(StringComparer.Ordinal);
        pruned = sparse.Count;
        if (pruned == 0)
            return [];
        try
        {
            using InferenceSession session = new InferenceModel(network).CreateSession();
            return
            [
                .. session
                    .Layers.Where(l =>
                        sparse.Contains(l.Name) && !l.Kernel.StartsWith("sparse", StringComparison.Ordinal)
                    )
                    .Select(l => l.Name)
                    .Distinct(StringComparer.Ordinal),
            ];
        }
        catch (ModelException)
        {
            return []; // The shapes of its inputs are not known, so nothing can be said of its kernels.
        }
    }
}
