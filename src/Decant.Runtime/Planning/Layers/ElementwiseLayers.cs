using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans element-wise layers of one value, of two of the same shape, or of one and a constant for each channel or for all.</summary>
internal static class ElementwiseLayers
{
    /// <summary>Adds the stage of an element-wise layer; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (plan.Known.FloatShape(operation.Output) is not { Rank: > 0, Count: > 0 } shape || !(node.Operator.Type == "Clip" ? node.Inputs.Take(1) : node.Inputs).All(i => plan.Known.FloatShape(i) is not null)) return false;
        return node.Inputs.Length == 1 || node.Operator.Type == "Clip" ? One(operation, plan) : Two(operation, shape, plan);
    }

    private static bool One(Operation operation, PlanBuilder plan)
    {
        string input = operation.Node.Inputs[0];
        bool image = plan.IsImage(input);
        switch (operation.Node.Operator)
        {
            case Operators.Relu:
                Add<ElementwiseFunctions.Clamp>(operation, plan, image, false, 0, float.PositiveInfinity, [Operand(input, plan, image, false)]);
                return true;
            case Operators.Sigmoid:
                Add<ElementwiseFunctions.Sigmoid>(operation, plan, image, false, 0, 0, [Operand(input, plan, image, false)]);
                return true;
            default:
                return false;
        }
    }

    private static bool Two(Operation operation, Shape shape, PlanBuilder plan)
    {
        string a = operation.Node.Inputs[0], b = operation.Node.Inputs[1];
        if (plan.Known.IsConstant(a) && plan.Known.IsConstant(b)) return false;
        bool image = plan.IsImage(a) || plan.IsImage(b), byPixel = plan.Known.IsConstant(a) || plan.Known.IsConstant(b);
        if (!CanRead(a, shape, image, plan) || !CanRead(b, shape, image, plan)) return false;
        Operand[] both = [Read(a, shape, image, byPixel, plan), Read(b, shape, image, byPixel, plan)];
        switch (operation.Node.Operator)
        {
            case Operators.Add: Add<ElementwiseFunctions.Add>(operation, plan, image, byPixel, operation.Low, operation.High, both); break;
            case Operators.Sub: Add<ElementwiseFunctions.Sub>(operation, plan, image, byPixel, operation.Low, operation.High, both); break;
            case Operators.Mul: Add<ElementwiseFunctions.Mul>(operation, plan, image, byPixel, operation.Low, operation.High, both); break;
            default: Add<ElementwiseFunctions.Div>(operation, plan, image, byPixel, operation.Low, operation.High, both); break;
        }
        return true;
    }

    /// <summary>A value of the result's shape, or a constant that repeats in every row: a row of channels over images, else the last axis.</summary>
    private static bool CanRead(string value, Shape shape, bool image, PlanBuilder plan)
    {
        Shape own = plan.Known.FloatShape(value)!.Value;
        if (!plan.Known.IsConstant(value)) return own == shape;
        if (own.Count == 1) return own.Rank <= shape.Rank;
        int axis = image ? 1 : shape.Rank - 1, from = shape.Rank - own.Rank;
        return axis >= from && own.Count == shape[axis] && own[axis - from] == shape[axis];
    }

    private static Operand Read(string value, Shape shape, bool image, bool byPixel, PlanBuilder plan)
    {
        if (!plan.Known.IsConstant(value)) return Operand(value, plan, image, byPixel);
        float[] numbers = plan.Known.Constant(value)!.Array<float>();
        return new Operand(numbers.Length > 1 ? numbers : [.. Enumerable.Repeat(numbers[0], image ? shape[1] : shape[-1])]);
    }

    private static void Add<F>(Operation operation, PlanBuilder plan, bool image, bool byPixel, float p, float q, Operand[] operands) where F : struct, IElementwise
    {
        Walk to = image ? Walk.Of(plan.NewImage(operation.Output), byPixel) : Walk.Of(plan.NewPlain(operation.Output), operands.First(o => o.Walk is not null).Walk!.RowLength);
        plan.Add(Elementwise.Of<F>(operation.Node.Name, "element-wise", to, operands, p, q, plan.Options.Width, plan.Options.Threads));
    }

    private static Operand Operand(string value, PlanBuilder plan, bool image, bool byPixel) => image
        ? new Operand(Walk.Of(plan.Image(value)!, byPixel))
        : new Operand(Walk.Of(plan.Plain(value)!, plan.Known.FloatShape(value)!.Value is { Rank: > 0 } shape ? shape[-1] : 1));
}
