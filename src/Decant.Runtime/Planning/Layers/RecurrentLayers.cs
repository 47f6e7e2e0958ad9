using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>
/// Plans LSTM, GRU and RNN with constant weights: one product for the input of all steps, then the steps.
/// </summary>
internal static class RecurrentLayers
{
    /// <summary>Adds the stages of a layer; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        var op = (Operators.RecurrentOperator)node.Operator;
        if (
            plan.Known.FloatShape(node.Inputs[0]) is not { Count: > 0 } x
            || !Constants(node, plan.Known)
            || !States(node, plan.Known)
        )
            return false;
        Operators.RecurrentSize size = op.Size(x, plan.Known.FloatShape(node.Inputs[2])!.Value);
        if (size.Hidden == 0 || Input(node, 4) is { } given && plan.Known.Type(given)?.Type != ElementType.Int32)
            return false;
        var packing = new RecurrentPacking(node, op, size, plan);
        int rows = checked(size.Steps * size.Batch),
            outputs = packing.Outputs;
        var gates = new PlanBuffer((long)rows * outputs, null);
        var linear = new LinearLayer(
            node.Name,
            plan.Plain(node.Inputs[0])!,
            gates,
            rows,
            size.Input,
            outputs,
            float.NegativeInfinity,
            float.PositiveInfinity
        );
        var layer = new RecurrentLayer(op, size, gates)
        {
            Node = node,
            First = Input(node, 5) is { } hidden ? plan.Plain(hidden) : null,
            FirstCell = Input(node, 6) is { } cell ? plan.Plain(cell) : null,
            Lengths = Input(node, 4) is { } lengths ? plan.Slot(lengths) : -1,
            All = Made(node, 0, plan),
            Last = Made(node, 1, plan),
            LastCell = Made(node, 2, plan),
        };
        plan.Add(
            new Linear(linear, packing.Input(rows), plan.Options.Width, plan.Options.Threads)
            {
                Name = node.Name,
                Kernel = "input of all steps",
                Macs = linear.Macs,
            }
        );
        plan.Add(
            new Recurrence(layer, packing.States(), plan.Options.Width, plan.Options.Threads)
            {
                Name = node.Name,
                Kernel = "steps",
                Macs = plan.Known.Macs(node) - linear.Macs,
            }
        );
        return true;
    }

    /// <summary>An input that is given, else null.</summary>
    public static string? Input(Node node, int i) =>
        node.Inputs.Length > i && node.Inputs[i].Length > 0 ? node.Inputs[i] : null;

    private static PlanBuffer? Made(Node node, int i, PlanBuilder plan) =>
        node.Outputs.Length > i && node.Outputs[i].Length > 0 ? plan.NewPlain(node.Outputs[i]) : null;

    private static bool Constants(Node node, KnownValues known) =>
        new[] { 1, 2, 3, 7 }
            .Select(i => Input(node, i))
            .All(i => i is null || (known.IsConstant(i) && known.FloatShape(i) is not null));

    private static bool States(Node node, KnownValues known) =>
        new[] { 5, 6 }.Select(i => Input(node, i)).All(i => i is null || known.FloatShape(i) is not null);
}
