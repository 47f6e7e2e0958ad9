using Decant.Runtime.Kernels;

namespace Decant.Runtime;

/// <summary>The steps of a network over numbered slots, one slot a value, and which slots each step may empty.</summary>
internal sealed class Schedule
{
    private const int Left = -1;
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);
    private readonly Tensor?[] weights;
    private readonly int[] outputs;
    private readonly int firstMade;

    public Schedule(Network network)
    {
        foreach (ValueInfo input in network.Inputs) slots.Add(input.Name, slots.Count);
        foreach (Weight weight in network.Weights) slots.Add(weight.Name, slots.Count);
        firstMade = slots.Count;
        foreach (Node node in network.Nodes)
            foreach (string name in node.Outputs)
                if (name.Length > 0) slots.Add(name, slots.Count);
        weights = new Tensor?[slots.Count];
        foreach (Weight weight in network.Weights) weights[slots[weight.Name]] = weight.Encoding.Decode();
        outputs = [.. network.Outputs.Select(o => slots[o.Name])];
        Steps = [.. Plan(network)];
    }

    /// <summary>The steps, in the order they run.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>The slots before the first step: inputs and weights filled.</summary>
    public Tensor?[] Begin(IReadOnlyList<Tensor> inputs)
    {
        var values = (Tensor?[])weights.Clone();
        for (int i = 0; i < inputs.Count; i++) values[i] = inputs[i];
        return values;
    }

    /// <summary>The network's outputs after the last step. What no node made is copied, so that callers never hold a weight's array.</summary>
    public IReadOnlyList<Tensor> End(Tensor?[] values) =>
        [.. outputs.Select(slot => slot >= firstMade ? values[slot]! : values[slot]!.Clone())];

    private IEnumerable<Step> Plan(Network network)
    {
        int[] last = LastUses(network);
        for (int i = 0; i < network.Nodes.Length; i++)
        {
            Node node = network.Nodes[i];
            int[] reads = [.. node.Inputs.Select(Slot)], makes = [.. node.Outputs.Select(Slot)];
            int[] dead = [.. reads.Concat(makes).Distinct().Where(s => s != Left && last[s] == i)];
            yield return new Step(node, KernelCatalogue.For(node), reads, makes, dead);
        }
    }

    private int[] LastUses(Network network)
    {
        var last = new int[slots.Count];
        for (int i = 0; i < network.Nodes.Length; i++)
            foreach (string name in network.Nodes[i].Inputs.Concat(network.Nodes[i].Outputs))
                if (name.Length > 0) last[slots[name]] = i;
        foreach (int output in outputs) last[output] = int.MaxValue;
        return last;
    }

    private int Slot(string name) => name.Length == 0 ? Left : slots[name];
}
