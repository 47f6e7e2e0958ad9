using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans Gather from floats, constant or not: embeddings, and picking places of a value.</summary>
internal static class GatherLayers
{
    /// <summary>Adds the stage of a Gather; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            plan.Known.FloatShape(node.Inputs[0]) is not { Rank: > 0, Count: > 0 and <= int.MaxValue } x
            || plan.Known.FloatShape(operation.Output) is not { Count: > 0 and <= int.MaxValue }
        )
            return false;
        if (
            plan.Known.Type(node.Inputs[1]) is not { Type: ElementType.Int32 or ElementType.Int64, Shape.IsKnown: true }
        )
            return false;
        int axis = x.Axis(((Operators.Gather)node.Operator).Axis);
        Operand table = plan.Known.IsConstant(node.Inputs[0])
            ? new Operand(
                plan.Weights.Get(node.Inputs[0], "plain", () =>
                    new Pinned<float>(plan.Known.Constant(node.Inputs[0])!.Span<float>())
                )
            )
            : ElementwiseLayers.Whole(node.Inputs[0], plan);
        int indices = plan.SlotOfElements(node.Inputs[1]);
        plan.Add(
            new GatherRows(
                table,
                indices,
                plan.NewPlain(operation.Output),
                (int)(x.Count / x.CountFrom(axis)),
                x[axis],
                (int)x.CountFrom(axis + 1),
                node
            )
            {
                Name = node.Name,
                Kernel = "copy",
            }
        );
        return true;
    }
}
