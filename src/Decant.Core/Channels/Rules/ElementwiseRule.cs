namespace Decant.Core.Channels.Rules;

/// <summary>Operators on several tensors number by number, which broadcast: what stands at the same place is one channel.</summary>
/// <param name="roles">What a weight is to the channels, by input; the last holds for all that follow.</param>
internal sealed class ElementwiseRule(params ChannelRole[] roles) : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.OutputShape() is not { } y || Enumerable.Range(0, flow.Node.Inputs.Length).Any(i => flow.Input(i) is null))
        {
            flow.Stop();
            return;
        }
        flow.Output(0, [.. Enumerable.Range(0, y.Rank).Select(axis => Along(flow, axis - y.Rank))]);
    }

    /// <summary>Joins all that has an axis, counted from the end.</summary>
    private int[]? Along(NodeFlow flow, int axis)
    {
        int[] inputs = [.. Enumerable.Range(0, flow.Node.Inputs.Length).Where(i => Has(flow, i, axis))];
        int[]?[] marks = [.. inputs.Select(i => flow.Input(i)![^-axis])];
        int[]? first = marks.FirstOrDefault(m => m is not null);
        if (first is null) return null;
        foreach (int[]? other in marks) flow.Join(first, other);
        foreach (int i in inputs) flow.Role(i, flow.Input(i)!.Length + axis, roles[Math.Min(i, roles.Length - 1)]);
        return first;
    }

    private static bool Has(NodeFlow flow, int input, int axis) =>
        flow.Input(input) is { } layout && layout.Length >= -axis && (layout[^-axis] is not null || flow.Shape(input)!.Value[axis] != 1);
}
