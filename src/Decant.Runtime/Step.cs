using System.Collections.Immutable;
using Decant.Runtime.Kernels;

namespace Decant.Runtime;

/// <summary>
/// One node with its kernel: the slots it reads and makes (-1 where left out), and those to empty after it.
/// </summary>
internal sealed record Step(Node Node, Kernel Kernel, int[] Reads, int[] Makes, int[] Dead)
{
    /// <summary>Computes the node.</summary>
    /// <exception cref="ModelException">Its inputs do not fit; the node is named.</exception>
    public void Run(Tensor?[] values, Threads threads, RunMemory memory)
    {
        threads.Token.ThrowIfCancellationRequested();
        Tensor?[] inputs = Array.ConvertAll(Reads, slot => slot < 0 ? null : values[slot]);
        Tensor[] made = Compute(inputs, threads, memory);
        for (int i = 0; i < Makes.Length; i++)
            if (Makes[i] >= 0)
                values[Makes[i]] = made[i];
        foreach (int slot in Dead)
        {
            values[slot] = null;
            memory.Release(slot);
        }
    }

    private Tensor[] Compute(Tensor?[] inputs, Threads threads, RunMemory memory)
    {
        try
        {
            if (Node.Operator is Operators.ControlFlowOperator flow)
                return RunBodies(flow, inputs, threads, memory);
            KernelContext context = Context(inputs, threads, memory, out ImmutableArray<TensorType?> types);
            return Operator.AreEmpty(types, Makes.Length)
                ? [.. types.Take(Makes.Length).Select(t => Tensor.Zeros(t!.Type, t.Shape!.Value))]
                : Kernel(Node.Operator, inputs, context);
        }
        catch (Exception e) when (e is ModelException or OverflowException or OutOfMemoryException)
        {
            throw new ModelException(
                $"{Node}: {(e is ModelException ? e.Message : $"a result is too large ({e.Message})")}",
                e
            );
        }
    }

    /// <summary>Computes a node whose results have shapes that only its bodies know once they ran.</summary>
    private Tensor[] RunBodies(Operators.ControlFlowOperator flow, Tensor?[] inputs, Threads threads, RunMemory memory)
    {
        OperatorInputs known = Known(inputs);
        flow.CheckInputs(known);
        Tensor[] made = Kernel(flow, inputs, new KernelContext(known, Shape.Scalar, Makes.Length, threads, memory));
        for (int i = 0; i < Makes.Length; i++)
            if (Makes[i] >= 0)
                memory.Take(Makes[i], made[i].Type, made[i].Shape);
        return made;
    }

    /// <summary>Inputs as shape rules see them.</summary>
    public static OperatorInputs Known(Tensor?[] inputs) =>
        new([.. inputs.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))], [.. inputs]);

    /// <summary>
    /// The operator's own shape rule, run on the values at hand, checks the inputs and gives the outputs' shapes.
    /// </summary>
    private KernelContext Context(
        Tensor?[] inputs,
        Threads threads,
        RunMemory memory,
        out ImmutableArray<TensorType?> outputs
    )
    {
        OperatorInputs known = Known(inputs);
        outputs = Node.Operator.InferAtRun(known, Makes.Length);
        if (outputs[0]?.Shape is not { IsKnown: true } shape)
            throw new ModelException(
                "its output's shape cannot be known: an input that gives it does not hold int64 or int32"
            );
        for (int i = 0; i < Makes.Length; i++)
            if (Makes[i] >= 0 && outputs[i] is { Type: not ElementType.Unknown, Shape: { IsKnown: true } made } type)
                memory.Take(Makes[i], type.Type, made);
        return new KernelContext(known, shape, Makes.Length, threads, memory);
    }
}

/// <summary>
/// The steps of a network over numbered slots, one slot a value, and which slots each step may empty.
/// </summary>
internal sealed class Schedule
{
    private const int Left = -1;
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);
    private readonly Tensor?[] weights;
    private readonly int[] outputs;
    private readonly int firstMade;

    public Schedule(Network network)
    {
        foreach (ValueInfo input in network.Inputs)
            slots.Add(input.Name, slots.Count);
        foreach (Weight weight in network.Weights)
            slots.Add(weight.Name, slots.Count);
        firstMade = slots.Count;
        foreach (Node node in network.Nodes)
        foreach (string name in node.Outputs)
            if (name.Length > 0)
                slots.Add(name, slots.Count);
        weights = new Tensor?[slots.Count];
        foreach (Weight weight in network.Weights)
            weights[slots[weight.Name]] = weight.Encoding.Decode();
        outputs = [.. network.Outputs.Select(o => slots[o.Name])];
        Steps = [.. Plan(network)];
    }

    /// <summary>The steps, in the order they run.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>The slots before the first step: inputs and weights filled.</summary>
    public Tensor?[] Begin(IReadOnlyList<Tensor> inputs)
    {
        var values = (Tensor?[])weights.Clone();
        for (int i = 0; i < inputs.Count; i++)
            values[i] = inputs[i];
        return values;
    }

    /// <summary>
    /// The network's outputs after the last step. What no node made is copied, so that callers never hold a weight's
    /// array.
    /// </summary>
    public Tensor[] End(Tensor?[] values) =>
        [.. outputs.Select(slot => slot >= firstMade ? values[slot]! : values[slot]!.Clone())];

    private IEnumerable<Step> Plan(Network network)
    {
        int[] last = LastUses(network);
        for (int i = 0; i < network.Nodes.Length; i++)
        {
            Node node = network.Nodes[i];
            int[] reads = [.. node.Inputs.Select(Slot)],
                makes = [.. node.Outputs.Select(Slot)];
            int[] dead = [.. reads.Concat(makes).Distinct().Where(s => s != Left && last[s] == i)];
            yield return new Step(node, PlainBody.KernelOf(node), reads, makes, dead);
        }
    }

    private int[] LastUses(Network network)
    {
        var last = new int[slots.Count];
        for (int i = 0; i < network.Nodes.Length; i++)
            foreach (string name in network.Nodes[i].Inputs.Concat(network.Nodes[i].Outputs))
                if (name.Length > 0)
                    last[slots[name]] = i;
        foreach (int output in outputs)
            last[output] = int.MaxValue;
        return last;
    }

    private int Slot(string name) => name.Length == 0 ? Left : slots[name];
}

/// <summary>Counts the bytes of the values that one run makes and has not let go, against a limit.</summary>
/// <param name="slots">How many slots the run has.</param>
/// <param name="limit">The most bytes at once.</param>
/// <param name="held">Bytes that other values take all the while.</param>
internal sealed class RunMemory(int slots, long limit, long held = 0)
{
    private readonly long[] sizes = new long[slots];
    private long live = held;

    /// <summary>Bytes in use.</summary>
    public long Live => live;

    /// <summary>Bytes that may still be taken.</summary>
    public long Left => limit - live;

    /// <summary>Counts a value before memory is taken for it; what the slot held before is let go.</summary>
    /// <exception cref="ModelException">It would be too much.</exception>
    public void Take(int slot, ElementType type, Shape shape)
    {
        Release(slot);
        long bytes = checked(shape.Count * type.Size());
        if (bytes > limit - live)
            throw new ModelException(
                $"a result of {type} {shape} takes {bytes:N0} bytes beside {live:N0} in use; this run may "
                    + $"use {limit:N0}: feed a smaller batch, or raise the limit"
            );
        sizes[slot] = bytes;
        live += bytes;
    }

    /// <summary>Refuses scratch memory beyond the limit before a kernel takes it.</summary>
    /// <param name="bytes">The bytes of scratch.</param>
    /// <param name="what">What needs them, in messages.</param>
    /// <exception cref="ModelException">It would be too much.</exception>
    public void Require(double bytes, string what)
    {
        if (bytes > limit - live)
            throw new ModelException(
                $"{what} takes {bytes:N0} bytes beside {live:N0} in use; this run may use {limit:N0}: feed a smaller "
                    + "batch, or raise the limit"
            );
    }

    /// <summary>Counts bytes that are kept from run to run; fewer than before if below 0.</summary>
    public void Hold(long bytes) => live += bytes;

    /// <summary>A slot was emptied; one that no node filled counts nothing.</summary>
    public void Release(int slot)
    {
        live -= sizes[slot];
        sizes[slot] = 0;
    }
}
