using System.Collections.Immutable;
using Decant.Runtime.Kernels;

namespace Decant.Runtime;

/// <summary>One node with its kernel: the slots it reads and makes (-1 where left out), and those to empty after it.</summary>
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
            if (Makes[i] >= 0) values[Makes[i]] = made[i];
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
            return Kernel(Node.Operator, inputs, Context(inputs, threads, memory));
        }
        catch (Exception e) when (e is ModelException or OverflowException or OutOfMemoryException)
        {
            throw new ModelException($"{Node}: {(e is ModelException ? e.Message : $"a result is too large ({e.Message})")}", e);
        }
    }

    /// <summary>The operator's own shape rule, run on the values at hand, checks the inputs and gives the outputs' shapes.</summary>
    private KernelContext Context(Tensor?[] inputs, Threads threads, RunMemory memory)
    {
        var known = new OperatorInputs([.. inputs.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))], [.. inputs]);
        ImmutableArray<TensorType?> outputs = Node.Operator.Infer(known);
        if (Makes.Length > outputs.Length)
            throw new ModelException($"output {outputs.Length} is asked for; there are {outputs.Length}");
        if (outputs[0]?.Shape is not { IsKnown: true } shape)
            throw new ModelException("its output's shape cannot be known: an input that gives it does not hold int64 or int32");
        for (int i = 0; i < Makes.Length; i++)
            if (Makes[i] >= 0 && outputs[i] is { Type: not ElementType.Unknown, Shape: { IsKnown: true } made } type) memory.Take(Makes[i], type.Type, made);
        return new KernelContext(known, shape, Makes.Length, threads);
    }
}
