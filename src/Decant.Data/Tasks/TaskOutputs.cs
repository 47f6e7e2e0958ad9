using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Data;

/// <summary>Which output of a network a task scores against a target, and how refusals name both.</summary>
internal static class TaskOutputs
{
    /// <summary>What a task needs of targets, and what there is.</summary>
    public static string Needs(LearningTask task, string what, IDataSource data) =>
        $"data set '{data.Name}' has {(data.Targets.IsEmpty ? "no targets" : string.Join(", ", data.Targets))}; "
        + $"{task.Name} needs {what}";

    /// <summary>What a task needs of outputs, and what there is.</summary>
    public static string Needs(LearningTask task, string what, Network network) =>
        $"{task.Name} needs {what}; the network has "
        + string.Join(", ", network.Outputs.Select(o => $"'{o.Name}' {o.Type}"));

    /// <summary>The output that has the target's name, if it fits; else the first that fits; -1 if none does.</summary>
    public static int Find(Network network, DataField target, Func<TensorType, bool> fits)
    {
        int[] fitting = [.. Enumerable.Range(0, network.Outputs.Length).Where(o => fits(network.Outputs[o].Type))];
        int named = Array.FindIndex(fitting, o => network.Outputs[o].Name == target.Name);
        return fitting.Length == 0 ? -1 : fitting[Math.Max(0, named)];
    }

    /// <summary>Whether an output may have the shape of a target, axes of extent 1 aside.</summary>
    /// <param name="output">The output; its first axis counts the examples.</param>
    /// <param name="target">The target of one example.</param>
    public static bool HaveOneShape(TensorType output, Shape target)
    {
        if (output.Shape is not { Rank: > 0 } made)
            return output.Shape is null;
        int[] example = [.. made.Dims[1..]];
        return Agree(example, [.. target.Dims]) || Agree(Longer(example), Longer([.. target.Dims]));
    }

    /// <summary>Whether all extents of outputs are declared, but for the number of examples.</summary>
    public static bool AreDeclared(Network network) =>
        network.Outputs.All(o => o.Type.Shape is { Rank: > 0 } shape && shape.Dims[1..].All(d => d >= 0));

    /// <summary>The network with its outputs' types as they were made.</summary>
    public static Network AsMade(Network network, IReadOnlyList<Tensor> outputs) =>
        new(
            network.Name,
            network.Inputs,
            [.. network.Outputs.Select((o, i) => new ValueInfo(o.Name, new(outputs[i].Type, outputs[i].Shape)))],
            network.Nodes,
            network.Weights,
            network.Metadata
        );

    /// <summary>Whether an output is probabilities: what a sigmoid makes, moved, cast or quantized after it.</summary>
    public static bool AreProbabilities(Network network, int output)
    {
        string name = network.Outputs[output].Name;
        while (network.Graph.Producer(name) is { } node)
        {
            if (node.Operator is Sigmoid)
                return true;
            if (!IsPassed(node.Operator))
                return false;
            name = node.Inputs[0];
        }
        return false;
    }

    private static bool IsPassed(Operator op) => op is LinearQuantizer or Cast || op.Is(OperatorTraits.MovesElements);

    private static int[] Longer(int[] dims) => [.. dims.Where(d => d != 1)];

    private static bool Agree(int[] made, int[] target) =>
        made.Length == target.Length && made.Zip(target).All(d => d.First == Shape.Unknown || d.First == d.Second);
}
