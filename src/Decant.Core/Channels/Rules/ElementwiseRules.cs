namespace Decant.Core.Channels.Rules;

/// <summary>
/// Operators on several tensors number by number, which broadcast: what stands at the same place is one channel.
/// </summary>
/// <param name="roles">What a weight is to the channels, by input; the last holds for all that follow.</param>
internal sealed class ElementwiseRule(params ChannelRole[] roles) : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (
            flow.OutputShape() is not { } y
            || Enumerable.Range(0, flow.Node.Inputs.Length).Any(i => flow.Input(i) is null)
        )
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
        if (first is null)
            return null;
        foreach (int[]? other in marks)
            flow.Join(first, other);
        foreach (int i in inputs)
            flow.Role(i, flow.Input(i)!.Length + axis, roles[Math.Min(i, roles.Length - 1)]);
        return first;
    }

    private static bool Has(NodeFlow flow, int input, int axis) =>
        flow.Input(input) is { } layout
        && layout.Length >= -axis
        && (layout[^-axis] is not null || flow.Shape(input)!.Value[axis] != 1);
}

/// <summary>
/// Operators whose outputs have the places of input 0: functions of one number. Other inputs are settings.
/// </summary>
internal sealed class SameRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        for (int i = 0; i < flow.Node.Outputs.Length; i++)
            flow.Output(i, flow.Input(0));
    }
}

/// <summary>QuantizeLinear and DequantizeLinear with one scale for all; with more, nothing is cut.</summary>
internal sealed class QuantizeRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Shape(1) is { IsKnown: true, Count: 1 })
            flow.Output(0, flow.Input(0));
        else
            flow.Stop();
    }
}

/// <summary>An operator without a rule: what it reads and makes is never cut.</summary>
internal sealed class UnknownRule : ChannelRule
{
    public override void Follow(NodeFlow flow) => flow.Stop();
}
