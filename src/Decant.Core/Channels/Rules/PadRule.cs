using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Pad: channels put before and after have marks of their own, which a sum joins with the channels that they stand beside.</summary>
internal sealed class PadRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.OutputShape() is not { } || flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        var (before, after) = Pad.Amounts(flow.Shape(0)!.Value, flow.Integers(1)!, flow.Integers(3));
        bool constant = ((Pad)flow.Node.Operator).Mode == "constant";
        flow.Output(0, [.. x.Select((marks, axis) => marks is null ? null : Padded(flow, marks, before[axis], after[axis], constant))]);
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        Shape x = cut.Shape(0);
        long[] pads = cut.Integers(1)!, axes = cut.Integers(3) ?? [.. Enumerable.Range(0, x.Rank).Select(a => (long)a)];
        bool changed = false;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Axis(axes[i]);
            if (cut.IsWhole(cut.Node.Inputs[0], axis) && cut.IsWhole(cut.Node.Outputs[0], axis)) continue;
            changed = true;
            pads[i] = Left(cut, axis, pads[i], atStart: true);
            pads[i + axes.Length] = Left(cut, axis, pads[i + axes.Length], atStart: false);
        }
        return [changed ? cut.Set(cut.Node, 1, pads) : cut.Node];
    }

    private static int[] Padded(NodeFlow flow, int[] marks, int before, int after, bool constant)
    {
        int[] kept = marks[Math.Max(0, -before)..(marks.Length - Math.Max(0, -after))];
        int[] made = [.. flow.New(Math.Max(0, before)), .. kept, .. flow.New(Math.Max(0, after))];
        if (!constant && made.Length > kept.Length)
        {
            flow.Fix(marks);
            flow.Fix(made);
        }
        return made;
    }

    /// <summary>What is left of the padding at one end; of what is cropped where it is negative.</summary>
    private static long Left(NodeCut cut, int axis, long pad, bool atStart)
    {
        bool crops = pad < 0;
        string value = crops ? cut.Node.Inputs[0] : cut.Node.Outputs[0];
        int size = (int)Math.Abs(pad), all = cut.Extent(value, axis), from = atStart ? 0 : all - size;
        int left = cut.Kept(value, axis) is { } kept ? kept.Count(k => k >= from && k < from + size) : size;
        return crops ? -left : left;
    }
}
