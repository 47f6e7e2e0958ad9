using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>
/// Plans QuantizeLinear, DequantizeLinear and Concat over images: bytes stay bytes for as long as their readers can
/// take them so.
/// </summary>
internal static class ByteLayers
{
    /// <summary>Brings images to bytes; nothing is done where they are these bytes already.</summary>
    public static bool TryQuantize(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            plan.Known.FloatShape(node.Inputs[0]) is not { Rank: 3 or 4, Count: > 0 }
            || plan.Known.ByteRange(node) is not { } range
            || !plan.StandForFloats(operation.Output)
        )
            return false;
        if (plan.Bytes(node.Inputs[0]) is { } same && same.Range == range)
        {
            plan.SameBytes(operation.Output, same);
            return true;
        }
        ImageView floats = plan.Image(node.Inputs[0])!;
        plan.Add(
            new ByteConversion(floats, plan.NewBytes(operation.Output, range), toBytes: true)
            {
                Name = node.Name,
                Kernel = "to bytes",
            }
        );
        return true;
    }

    /// <summary>
    /// Takes bytes for the floats that they stand for; they are only made floats where a reader needs that.
    /// </summary>
    public static bool TryDequantize(Operation operation, PlanBuilder plan)
    {
        if (
            plan.Bytes(operation.Node.Inputs[0]) is not { } bytes
            || plan.Known.ByteRange(operation.Node) is not { } range
        )
            return false;
        // Their border is filled with the zero that they were made with.
        if (range.Zero != bytes.Range.Zero || range.Signed != bytes.Range.Signed)
            return false;
        plan.SameBytes(operation.Output, bytes.Range == range ? bytes : bytes with { Range = range });
        return true;
    }

    /// <summary>Joins bytes that stand for the same numbers; false if they differ, or are floats.</summary>
    public static bool TryJoin(Operation operation, PlanBuilder plan)
    {
        ByteImage?[] parts = [.. operation.Node.Inputs.Select(plan.Bytes)];
        if (!Array.TrueForAll(parts, p => p is not null && p.Range == parts[0]!.Range))
            return false;
        plan.Add(
            new ByteJoin(parts!, plan.NewBytes(operation.Output, parts[0]!.Range))
            {
                Name = operation.Node.Name,
                Kernel = "bytes",
            }
        );
        return true;
    }
}
