using Decant.Runtime.Kernels;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans layers that only copy floats in ONNX's order: Transpose, Expand, Split, Slice and Concat.</summary>
internal static class DataMovementLayers
{
    /// <summary>Adds the stages of a layer; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            plan.Known.FloatShape(node.Inputs[0]) is not { Rank: > 0, Count: > 0 } x
            || !node.Outputs.All(o => o.Length == 0 || plan.Known.FloatShape(o) is { Count: > 0 and <= int.MaxValue })
        )
            return false;
        if (x.Count > int.MaxValue || operation.Output.Length == 0)
            return false;
        return node.Operator switch
        {
            Operators.Concat concat => Concat(operation, concat, plan),
            Operators.Expand => Read(
                operation,
                x,
                0,
                Strides.Broadcast(x, plan.Known.FloatShape(operation.Output)!.Value),
                plan
            ),
            Operators.Slice => Slice(operation, x, plan),
            Operators.Split split => Split(operation, x, split, plan),
            Operators.Transpose transpose => Read(
                operation,
                x,
                0,
                Array.ConvertAll(transpose.Order(x.Rank), axis => Strides.Of(x)[axis]),
                plan
            ),
            _ => false,
        };
    }

    /// <summary>The whole output is read from the input at these distances.</summary>
    private static bool Read(Operation operation, Shape x, int first, int[] reads, PlanBuilder plan)
    {
        Shape y = plan.Known.FloatShape(operation.Output)!.Value;
        StridedRegion move = new StridedRegion(first, 0, [.. y.Dims], reads, Strides.Of(y)).Joined();
        PlanBuffer from = plan.Plain(operation.Node.Inputs[0])!;
        // What lies in order already is not copied.
        if (y.Count == x.Count && move is { From: 0, Reads: [1] })
            plan.Alias(operation.Output, from);
        else
            Add(operation, from, plan.NewPlain(operation.Output), move, plan);
        return true;
    }

    private static bool Slice(Operation operation, Shape x, PlanBuilder plan)
    {
        long[]?[] numbers = [.. operation.Node.Inputs.Skip(1).Select(i => Integers(i, plan))];
        var ranges = Operators.Slice.Ranges(
            x,
            numbers[0]!,
            numbers[1]!,
            numbers.ElementAtOrDefault(2),
            numbers.ElementAtOrDefault(3)
        );
        int[] reads = Strides.Of(x);
        int first = 0;
        foreach (var (axis, start, step, _) in ranges)
        {
            first += start * reads[axis];
            reads[axis] *= step;
        }
        return Read(operation, x, first, reads, plan);
    }

    private static bool Split(Operation operation, Shape x, Operators.Split split, PlanBuilder plan)
    {
        int axis = x.Axis(split.Axis),
            first = 0;
        if (operation.Node.Outputs.Any(o => o.Length == 0))
            return false;
        PlanBuffer from = plan.Plain(operation.Node.Inputs[0])!;
        foreach (string output in operation.Node.Outputs)
        {
            Shape part = plan.Known.FloatShape(output)!.Value;
            Add(
                operation,
                from,
                plan.NewPlain(output),
                new StridedRegion(first, 0, [.. part.Dims], Strides.Of(x), Strides.Of(part)),
                plan
            );
            first += part[axis] * Strides.Of(x)[axis];
        }
        return true;
    }

    private static bool Concat(Operation operation, Operators.Concat concat, PlanBuilder plan)
    {
        if (!operation.Node.Inputs.All(i => plan.Known.FloatShape(i) is { Count: > 0 }))
            return false;
        Shape y = plan.Known.FloatShape(operation.Output)!.Value;
        PlanBuffer[] parts = [.. operation.Node.Inputs.Select(i => plan.Plain(i)!)];
        PlanBuffer to = plan.NewPlain(operation.Output);
        int axis = y.Axis(concat.Axis),
            first = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            Shape part = plan.Known.FloatShape(operation.Node.Inputs[i])!.Value;
            Add(
                operation,
                parts[i],
                to,
                new StridedRegion(0, first, [.. part.Dims], Strides.Of(part), Strides.Of(y)),
                plan
            );
            first += part[axis] * Strides.Of(y)[axis];
        }
        return true;
    }

    private static void Add(
        Operation operation,
        PlanBuffer from,
        PlanBuffer to,
        StridedRegion move,
        PlanBuilder plan
    ) => plan.Add(new StridedTransfer(from, to, move) { Name = operation.Node.Name, Kernel = "copy" });

    private static long[]? Integers(string value, PlanBuilder plan) =>
        value.Length == 0 ? null
        : plan.Known.Constant(value) is { } t
            ? t.Type == ElementType.Int32 ? Array.ConvertAll(t.Array<int>(), i => (long)i)
                : t.Array<long>()
        : null;
}
