using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans element-wise functions of one value, of images as well as of values in ONNX's order.</summary>
internal static class FunctionLayers
{
    // Shorter rows cost more than what they compute.
    private const int LeastRow = 1024;

    /// <summary>Adds the stage of a function; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        if (
            plan.Known.FloatShape(operation.Output) is not { Rank: > 0, Count: > 0 }
            || plan.Known.FloatShape(operation.Node.Inputs[0]) is null
            || operation.Node.Outputs.Length > 1
        )
            return false;
        const float Infinity = float.PositiveInfinity;
        return operation.Node.Operator switch
        {
            Operators.Abs => Add<ValueFunctions.Abs>(operation, plan),
            Operators.Celu { Alpha: 1 } => Add<ValueFunctions.Elu>(operation, plan, 1, 1),
            Operators.Clip => plan.Known.Scalar(operation.Node, 1, -Infinity) is { } low
                && plan.Known.Scalar(operation.Node, 2, Infinity) is { } high
                && Add<ElementwiseFunctions.Clamp>(operation, plan, low, high),
            Operators.Elu elu => Add<ValueFunctions.Elu>(operation, plan, elu.Alpha, 1),
            Operators.Erf => Add<ValueFunctions.Erf>(operation, plan),
            Operators.Exp => Add<ValueFunctions.Exp>(operation, plan),
            Operators.Gelu { ByTanh: true } => Add<ValueFunctions.GeluByTanh>(operation, plan),
            Operators.Gelu => Add<ValueFunctions.Gelu>(operation, plan),
            Operators.HardSigmoid hard => Add<ValueFunctions.HardSigmoid>(operation, plan, hard.Alpha, hard.Beta),
            Operators.HardSwish => Add<ValueFunctions.HardSwish>(operation, plan),
            Operators.LeakyRelu leaky => Add<ValueFunctions.LeakyRelu>(operation, plan, leaky.Alpha),
            Operators.Log => Add<ValueFunctions.Log>(operation, plan),
            Operators.Neg => Add<ValueFunctions.Scale>(operation, plan, -1),
            Operators.Pow => Power(operation, plan),
            Operators.Reciprocal => Add<ValueFunctions.Reciprocal>(operation, plan),
            Operators.Relu => Add<ElementwiseFunctions.Clamp>(operation, plan, 0, Infinity),
            Operators.Selu selu => Add<ValueFunctions.Elu>(operation, plan, selu.Alpha, selu.Gamma),
            Operators.Sigmoid => Add<ValueFunctions.Sigmoid>(operation, plan),
            Operators.Softplus => Add<ValueFunctions.Softplus>(operation, plan),
            Operators.Sqrt => Add<ValueFunctions.Sqrt>(operation, plan),
            Operators.Tanh => Add<ValueFunctions.Tanh>(operation, plan),
            _ => false,
        };
    }

    private static bool Power(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            plan.Known.FloatShape(node.Inputs[0]) != plan.Known.FloatShape(operation.Output)
            || plan.Known.Constant(node.Inputs[1]) is not { Type: ElementType.Float32, Count: 1 } power
        )
            return false;
        return power.Span<float>()[0] switch
        {
            0.5f => Add<ValueFunctions.Sqrt>(operation, plan),
            1 => Add<ValueFunctions.Scale>(operation, plan, 1),
            2 => Add<ValueFunctions.Square>(operation, plan),
            _ => false,
        };
    }

    private static bool Add<F>(Operation operation, PlanBuilder plan, float p = 0, float q = 0)
        where F : struct, IElementwise
    {
        string input = operation.Node.Inputs[0];
        RowTraversal from,
            to;
        if (plan.IsImage(input))
        {
            ImageView x = plan.Image(input)!,
                y = plan.NewImage(operation.Output);
            bool byPixel = !x.HasAllChannels || !y.HasAllChannels;
            (from, to) = (RowTraversal.Of(x, byPixel), RowTraversal.Of(y, byPixel));
        }
        else
        {
            int row = RowOf(plan.Known.FloatShape(input)!.Value);
            (from, to) = (
                RowTraversal.Of(plan.Plain(input)!, row),
                RowTraversal.Of(plan.NewPlain(operation.Output), row)
            );
        }
        plan.Add(
            Elementwise.Of<F>(
                operation.Node.Name,
                "element-wise",
                to,
                [new Operand(from)],
                p,
                q,
                plan.Options.Width,
                plan.Options.Threads
            )
        );
        return true;
    }

    /// <summary>
    /// How many elements of a contiguous value are a row: its last axes, as many as make it long enough.
    /// </summary>
    private static int RowOf(Shape shape)
    {
        int axis = shape.Rank - 1;
        while (axis > 0 && shape.CountFrom(axis) < LeastRow)
            axis--;
        return checked((int)shape.CountFrom(axis));
    }
}
