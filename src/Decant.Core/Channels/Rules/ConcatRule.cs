using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Concat: marks stand one after the other along the axis, and are joined along the others.</summary>
internal sealed class ConcatRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        Shape?[] shapes = [.. Enumerable.Range(0, flow.Node.Inputs.Length).Select(i => flow.Shape(i))];
        if (shapes.Any(s => s is null))
        {
            flow.Stop();
            return;
        }
        int joined = shapes[0]!.Value.Axis(((Concat)flow.Node.Operator).Axis);
        flow.Output(0, [.. Enumerable.Range(0, shapes[0]!.Value.Rank).Select(axis => axis == joined ? After(flow, shapes, axis) : Beside(flow, axis))]);
    }

    private static int[]? After(NodeFlow flow, Shape?[] shapes, int axis)
    {
        int[]?[] parts = [.. shapes.Select((_, i) => flow.Input(i)![axis])];
        if (parts.All(p => p is null)) return null;
        if (shapes.All(s => s!.Value[axis] >= 0)) return [.. parts.SelectMany((p, i) => p ?? Fixed(flow, shapes[i]!.Value[axis]))];
        foreach (int[]? part in parts) flow.Fix(part);
        return null;
    }

    private static int[]? Beside(NodeFlow flow, int axis)
    {
        int[]? first = flow.Input(0)![axis];
        for (int i = 1; i < flow.Node.Inputs.Length; i++) flow.Join(first, flow.Input(i)![axis]);
        return first;
    }

    private static int[] Fixed(NodeFlow flow, int count)
    {
        int[] marks = flow.New(count);
        flow.Fix(marks);
        return marks;
    }
}
