using Decant.Runtime.Kernels;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans everything else: the node's kernel runs on tensors.</summary>
internal static class KernelLayers
{
    /// <summary>Adds the stage of a kernel.</summary>
    /// <exception cref="ModelException">The node's operator has no kernel.</exception>
    public static void Add(Node node, PlanBuilder plan)
    {
        if (node.Operator is Operators.ControlFlowOperator flow)
            AddBodies(node, flow, plan);
        else
            Add(node, plan, KernelCatalogue.For(node), "kernel");
    }

    /// <summary>Adds the stage of a kernel that the model was given.</summary>
    public static void Add(Node node, PlanBuilder plan, IOperatorKernel given) =>
        Add(node, plan, GivenKernels.Checked(given, node), given.Name);

    /// <summary>Adds the stage of a node whose bodies run in sessions of their own.</summary>
    private static void AddBodies(Node node, Operators.ControlFlowOperator flow, PlanBuilder plan)
    {
        // Weights that bodies capture are theirs as weights, packed for their kernels, rather than tensors.
        var bound = new Encoding?[node.Inputs.Length];
        var read = (string[])[.. node.Inputs];
        for (int i = flow.OwnInputs; i < bound.Length; i++)
            if (plan.Known.IsConstant(read[i]))
            {
                bound[i] = plan.Known.Encoding(read[i]) ?? new DenseEncoding(plan.Known.Constant(read[i])!);
                read[i] = "";
            }
        var bodies = new IBody[flow.Bodies.Length];
        for (int i = 0; i < bodies.Length; i++)
        {
            Network body = flow.Bodies[i];
            bodies[i] = new SessionBody(
                body,
                bound.AsSpan()[(bound.Length - body.Inputs.Length)..].ToArray(),
                plan.Options
            );
        }
        Add(node, plan, ControlFlow.KernelOf(flow, bodies), "bodies", read);
    }

    private static void Add(Node node, PlanBuilder plan, Kernel kernel, string name, string[]? read = null)
    {
        int[] reads = [.. (read ?? [.. node.Inputs]).Select(plan.Slot)],
            makes = [.. node.Outputs.Select(plan.NewSlot)];
        plan.Add(
            new KernelStage(new Step(node, kernel, reads, makes, []), plan.Options.Threads)
            {
                Name = node.Name,
                Kernel = name,
                Macs = plan.Known.Macs(node),
            }
        );
    }
}

/// <summary>
/// Plans layers that only give a value another shape: nothing is copied, unless images must be brought to ONNX's order.
/// </summary>
internal static class ShapeLayers
{
    /// <summary>Renames a value; false if its shape is not known.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        string input = operation.Node.Inputs[0],
            output = operation.Output;
        if (IsViewOfTensor(operation, plan))
        {
            plan.View(operation.Node);
            return true;
        }
        if (
            plan.Known.FloatShape(input) is not { } x
            || plan.Known.FloatShape(output) is not { } y
            || plan.Known.IsConstant(input)
        )
            return false;
        if (plan.IsImage(input) && x.Rank is 3 or 4 && y.Rank == 2 && y[0] == x[0] && plan.Image(input)!.IsDense)
            plan.Flatten(output, input);
        else if (plan.Plain(input) is { } buffer)
            plan.Alias(output, buffer);
        return true;
    }

    private static bool IsViewOfTensor(Operation operation, PlanBuilder plan) =>
        plan.Known.Type(operation.Output) is { Type: not (ElementType.Float32 or ElementType.Unknown) } y
        && y.Shape is { IsKnown: true }
        && plan.Known.Type(operation.Node.Inputs[0]) is { Shape.IsKnown: true } x
        && x.Type == y.Type
        && operation.Node.Inputs.Skip(1).All(i => i.Length == 0 || plan.Known.IsConstant(i));
}

/// <summary>Plans casts of halves, integers and truth values to floats.</summary>
internal static class CastLayers
{
    /// <summary>Adds the stage of a cast; false if it is another.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        string input = operation.Node.Inputs[0];
        if (
            plan.Known.FloatShape(operation.Output) is not { Count: <= int.MaxValue }
            || plan.Known.Type(input)
                is not { Type: ElementType.Float16 or ElementType.Int64 or ElementType.Int32 or ElementType.Bool }
        )
            return false;
        plan.Add(
            new TensorToFloats(plan.SlotOfElements(input), plan.NewPlain(operation.Output))
            {
                Name = operation.Node.Name,
                Kernel = "to floats",
            }
        );
        return true;
    }
}
