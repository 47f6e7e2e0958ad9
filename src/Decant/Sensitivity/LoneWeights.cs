using System.Collections.Immutable;
using Decant.Core;
using Decant.Training.Data;

namespace Decant.Sensitivity;

/// <summary>Prunes the numbers of one weight.</summary>
internal sealed class LoneWeights : LonePruning
{
    public LoneWeights(Network network, SensitivityOptions options, Dataset data, Preprocessing preprocessing) : base(network, options, data, preprocessing)
    {
        Targets = [.. Selected.Select(w => new LoneTarget(w.Name, w.Encoding.Count, [w.Name]))];
        if (Targets.Length == 0) throw new DecantException("the network has no weight with two axes or more; name weights with --weights");
    }

    public override ImmutableArray<LoneTarget> Targets { get; }

    protected override string Technique => "weight-pruning";

    public override long Left(Network pruned, LoneTarget target) => pruned.Weights[target.Name].Encoding.NonZeros;
}
