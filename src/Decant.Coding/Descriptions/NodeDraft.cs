using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Coding;

/// <summary>A node while its weights' names are still to come.</summary>
internal sealed class NodeDraft(uint operatorNumber, Operator op)
{
    public uint OperatorNumber { get; } = operatorNumber;

    public Operator Operator { get; } = op;

    public string Name { get; set; } = "";

    /// <summary>The first input that is not a weight; empty if there is none.</summary>
    public string Data { get; set; } = "";

    /// <summary>Inputs: a name, or the number of a weight (else -1).</summary>
    public List<(string Name, int Weight)> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public Node Finish(ImmutableArray<(string Name, WeightForm Form)> weights) =>
        new(Name, Operator, [.. Inputs.Select(i => i.Weight < 0 ? i.Name : weights[i.Weight].Name)], [.. Outputs]);
}
