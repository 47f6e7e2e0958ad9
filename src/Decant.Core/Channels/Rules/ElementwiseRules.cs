using Decant.Core.Channels.Constants;

namespace Decant.Core.Channels.Rules;

/// <summary>
/// Element-wise operators on several tensors, which broadcast: elements at the same place are one channel.
/// </summary>
/// <param name="value">What the operator makes of two elements; null where it is not known. More inputs are taken in
/// one by one.</param>
/// <param name="roles">What a weight is to the channels, by input; the last holds for all that follow.</param>
internal class ElementwiseRule(Func<double, double, double?>? value, params ChannelRole[] roles) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) =>
        value is null ? [] : node.Each(channel => Constant(node, channel));

    /// <summary>The constant of one channel; null if it is not known.</summary>
    protected virtual double? Constant(NodeConstants node, int channel)
    {
        double? all = node.Of(0, channel);
        for (int i = 1; i < node.Node.Inputs.Length; i++)
            all = all is { } a && node.Of(i, channel) is { } b ? value!(a, b) : null;
        return all;
    }

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

/// <summary>A product: zero times anything is zero.</summary>
internal sealed class FactorRule(Func<double, double, double?> product) : ElementwiseRule(product, ChannelRole.Producer)
{
    protected override double? Constant(NodeConstants node, int channel) =>
        node.Of(0, channel) == 0 || node.Of(1, channel) == 0 ? 0 : base.Constant(node, channel);
}

/// <summary>PRelu: input 1 is the slope of negative elements.</summary>
internal sealed class PReluRule() : ElementwiseRule((x, slope) => x * slope, ChannelRole.Producer)
{
    protected override double? Constant(NodeConstants node, int channel) =>
        node.Of(0, channel) is >= 0 and var x ? x : base.Constant(node, channel);
}

/// <summary>
/// Operators whose outputs have the places of input 0: functions of one tensor. Other inputs are settings.
/// </summary>
internal sealed class SameRule(Func<NodeConstants, Dictionary<int, double>> constants) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => constants(node);

    public override void Follow(NodeFlow flow)
    {
        for (int i = 0; i < flow.Node.Outputs.Length; i++)
            flow.Output(i, flow.Input(0));
    }
}

/// <summary>QuantizeLinear and DequantizeLinear with one scale for all; with more, nothing is pruned.</summary>
internal sealed class QuantizeRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => [];

    public override void Follow(NodeFlow flow)
    {
        if (flow.Shape(1) is { IsKnown: true, Count: 1 })
            flow.Output(0, flow.Input(0));
        else
            flow.Stop();
    }
}

/// <summary>An operator without a rule: what it reads and makes is never pruned.</summary>
internal sealed class UnknownRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => [];

    public override void Follow(NodeFlow flow) => flow.Stop();
}
