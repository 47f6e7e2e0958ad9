using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans element-wise layers of two values that are broadcast to one shape.</summary>
internal static class ElementwiseLayers
{
    /// <summary>Adds the stage of an element-wise layer; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        if (
            plan.Known.FloatShape(operation.Output) is not { Rank: > 0, Count: > 0 } shape
            || !operation.Node.Inputs.All(i => plan.Known.FloatShape(i) is not null)
        )
            return false;
        if (operation.Node.Inputs.Length != 2 || operation.Node.Inputs.All(plan.Known.IsConstant))
            return false;
        return operation.Node.Operator switch
        {
            Operators.Add => Two<ElementwiseFunctions.Add>(operation, shape, plan),
            Operators.Sub => Two<ElementwiseFunctions.Sub>(operation, shape, plan),
            Operators.Mul => Two<ElementwiseFunctions.Mul>(operation, shape, plan),
            Operators.Div => Two<ElementwiseFunctions.Div>(operation, shape, plan),
            _ => Two<ElementwiseFunctions.PRelu>(operation, shape, plan),
        };
    }

    private static bool Two<F>(Operation operation, Shape shape, PlanBuilder plan)
        where F : struct, IElementwise
    {
        string a = operation.Node.Inputs[0],
            b = operation.Node.Inputs[1];
        bool image = plan.IsImage(a) || plan.IsImage(b);
        bool byPixel =
            plan.Known.IsConstant(a)
            || plan.Known.IsConstant(b)
            || plan.Known.FloatShape(a) != plan.Known.FloatShape(b);
        if (!CanRead(a, shape, image, plan) || !CanRead(b, shape, image, plan))
            return Broadcast<F>(operation, shape, plan);
        ImageView? output = image ? plan.NewImage(operation.Output) : null;
        // Some of the channels that a buffer has do not lie together from pixel to pixel.
        byPixel |= output is { HasAllChannels: false } || IsPart(a, plan) || IsPart(b, plan);
        Operand[] both = [Read(a, shape, image, byPixel, plan), Read(b, shape, image, byPixel, plan)];
        RowTraversal to = output is not null
            ? RowTraversal.Of(output, byPixel)
            : RowTraversal.Of(
                plan.NewPlain(operation.Output),
                both.First(o => o.Traversal is not null).Traversal!.RowLength
            );
        plan.Add(
            Elementwise.Of<F>(
                operation.Node.Name,
                "element-wise",
                to,
                both,
                operation.Low,
                operation.High,
                plan.Options.Width,
                plan.Options.Threads
            )
        );
        return true;
    }

    private static bool IsPart(string value, PlanBuilder plan) =>
        plan.IsImage(value) && plan.Image(value) is { HasAllChannels: false };

    private static bool Broadcast<F>(Operation operation, Shape shape, PlanBuilder plan)
        where F : struct, IElementwise
    {
        if (shape.Count > int.MaxValue)
            return false;
        Shape[] shapes = [.. operation.Node.Inputs.Select(i => plan.Known.FloatShape(i)!.Value)];
        Operand[] both = [.. operation.Node.Inputs.Select(i => Whole(i, plan))];
        plan.Add(
            BroadcastElementwise.Of<F>(
                operation.Node.Name,
                plan.NewPlain(operation.Output),
                both,
                new Kernels.BroadcastLoops(shape, shapes),
                operation.Low,
                operation.High,
                plan.Options.Width,
                plan.Options.Threads
            )
        );
        return true;
    }

    /// <summary>A value or a constant in ONNX's order as one row.</summary>
    public static Operand Whole(string value, PlanBuilder plan) =>
        plan.Known.IsConstant(value)
            ? new Operand(plan.Known.Constant(value)!.Span<float>())
            : new Operand(RowTraversal.Of(plan.Plain(value)!, checked((int)plan.Known.FloatShape(value)!.Value.Count)));

    /// <summary>
    /// A value of the result's shape, one number for each channel of each image, or a constant that repeats in every
    /// row: a row of channels over images, else the last axis.
    /// </summary>
    private static bool CanRead(string value, Shape shape, bool image, PlanBuilder plan)
    {
        Shape own = plan.Known.FloatShape(value)!.Value;
        if (!plan.Known.IsConstant(value))
            return own == shape || (image && IsGate(own, shape));
        if (own.Count == 1)
            return own.Rank <= shape.Rank;
        int axis = image ? 1 : shape.Rank - 1,
            from = shape.Rank - own.Rank;
        return axis >= from && own.Count == shape[axis] && own[axis - from] == shape[axis];
    }

    private static bool IsGate(Shape own, Shape shape) => shape.Rank == 4 && own == new Shape(shape[0], shape[1], 1, 1);

    private static Operand Read(string value, Shape shape, bool image, bool byPixel, PlanBuilder plan)
    {
        if (plan.Known.IsConstant(value))
        {
            float[] numbers = plan.Known.Constant(value)!.Array<float>();
            return new Operand(
                numbers.Length > 1 ? numbers : [.. Enumerable.Repeat(numbers[0], image ? shape[1] : shape[-1])]
            );
        }
        if (!image)
            return new Operand(RowTraversal.Of(plan.Plain(value)!, shape[-1]));
        bool whole = plan.Known.FloatShape(value) == shape;
        return new Operand(RowTraversal.Of(plan.Image(value)!, byPixel), whole ? 1 : shape[2] * shape[3]);
    }
}
