namespace Decant.Runtime.Kernels;

/// <summary>Runs the bodies of If, Loop and Scan.</summary>
internal static class ControlFlow
{
    /// <summary>The kernel of a node, given what runs its bodies.</summary>
    public static Kernel KernelOf(Operators.ControlFlowOperator op, IBody[] bodies) =>
        op switch
        {
            Operators.Loop loop => (_, inputs, context) => Run(loop, bodies[0], inputs, context),
            Operators.Scan scan => (_, inputs, context) => Run(scan, bodies[0], inputs, context),
            _ => (_, inputs, context) =>
                bodies[inputs[0]!.Span<bool>()[0] ? 0 : 1].Run(inputs[1..], context, context.Memory.Left),
        };

    private static Tensor[] Run(Operators.Loop op, IBody body, Tensor?[] inputs, KernelContext context)
    {
        long most = inputs[0] is { } count ? count.Span<long>()[0] : long.MaxValue;
        bool runs = inputs[1] is not { } first || first.Span<bool>()[0];
        var fed = (Tensor?[])inputs.Clone();
        var stacks = new SliceStack[op.Body.Outputs.Length - 1 - op.Carried];
        for (int i = 0; i < stacks.Length; i++)
            stacks[i] = new SliceStack(op.Body.Outputs[1 + op.Carried + i].Name);
        fed[1] = One(op.Body.Inputs[1], Tensor.Scalar(true));
        for (long at = 0; runs && at < most; at++)
        {
            context.Threads.Token.ThrowIfCancellationRequested();
            fed[0] = One(op.Body.Inputs[0], Tensor.Scalar(at));
            Tensor[] made = body.Run(fed, context, Left(context, fed, 2, op.Carried, stacks));
            if (made[0] is not { Type: ElementType.Bool, Count: 1 } next)
                throw new ModelException(
                    $"its body makes the condition '{op.Body.Outputs[0].Name}' as {made[0]}; one truth value is needed"
                );
            runs = next.Span<bool>()[0];
            for (int i = 0; i < op.Carried; i++)
                fed[2 + i] = State(op.Body.Inputs[2 + i], fed[2 + i]!, made[1 + i]);
            for (int i = 0; i < stacks.Length; i++)
                stacks[i].Add(made[1 + op.Carried + i], context);
        }
        var results = new Tensor[op.Body.Outputs.Length - 1];
        for (int i = 0; i < results.Length; i++)
            results[i] =
                i >= op.Carried
                    ? stacks[i - op.Carried].ToTensor(0, false) ?? Empty(op, i, op.Body.Outputs[1 + i], body, inputs)
                : ReferenceEquals(fed[2 + i], inputs[2 + i]) ? inputs[2 + i]!.Clone()
                : fed[2 + i]!;
        return results;
    }

    private static Tensor[] Run(Operators.Scan op, IBody body, Tensor?[] inputs, KernelContext context)
    {
        int states = op.States,
            length = op.Length(context.Known);
        var fed = (Tensor?[])inputs.Clone();
        var stacks = new SliceStack[op.Stacked];
        for (int i = 0; i < stacks.Length; i++)
            stacks[i] = new SliceStack(op.Body.Outputs[states + i].Name);
        for (int at = 0; at < length; at++)
        {
            context.Threads.Token.ThrowIfCancellationRequested();
            for (int i = 0; i < op.Scanned; i++)
            {
                Tensor whole = inputs[states + i]!;
                fed[states + i] = SliceStack.Slice(
                    whole,
                    op.InputAxis(i, whole.Shape),
                    op.ReadsBackwards(i) ? length - 1 - at : at
                );
            }
            Tensor[] made = body.Run(fed, context, Left(context, fed, 0, op.OwnInputs, stacks));
            for (int i = 0; i < states; i++)
            {
                if (made[i].Shape != fed[i]!.Shape)
                    throw new ModelException(
                        $"state '{op.Body.Inputs[i].Name}' is {fed[i]} before an iteration and {made[i]} after it"
                    );
                fed[i] = State(op.Body.Inputs[i], fed[i]!, made[i]);
            }
            for (int i = 0; i < stacks.Length; i++)
                stacks[i].Add(made[states + i], context);
        }
        var results = new Tensor[op.Body.Outputs.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] =
                i < states
                    ? ReferenceEquals(fed[i], inputs[i])
                        ? inputs[i]!.Clone()
                        : fed[i]!
                    : stacks[i - states].Rank is not { } rank
                        ? Empty(op, i, op.Body.Outputs[i], body, inputs)
                        : stacks[i - states].ToTensor(op.OutputAxis(i - states, rank), op.WritesBackwards(i - states))!;
        return results;
    }

    /// <summary>One element as a body states it: with an axis where it states one.</summary>
    private static Tensor One(ValueInfo stated, Tensor scalar) =>
        stated.Type.Shape is { Rank: 1 } ? scalar.Reshape(new Shape(1)) : scalar;

    /// <summary>What an iteration may take, beside the values that it is given and what others made.</summary>
    private static long Left(KernelContext context, Tensor?[] fed, int from, int count, SliceStack[] stacks)
    {
        long left = context.Memory.Left;
        for (int i = from; i < from + count; i++)
            left -= (long)fed[i]!.Count * fed[i]!.Type.Size();
        foreach (SliceStack stack in stacks)
            left -= stack.Bytes;
        return left;
    }

    private static Tensor State(ValueInfo input, Tensor before, Tensor after) =>
        after.Type == before.Type && after.Shape.CanBe(input.Type.Shape)
            ? after
            : throw new ModelException($"'{input.Name}' is {before} before an iteration and {after} after it");

    /// <summary>What no iteration made: no slices, of the shape that they would have as far as that is known.</summary>
    private static Tensor Empty(
        Operators.ControlFlowOperator op,
        int output,
        ValueInfo stated,
        IBody body,
        Tensor?[] inputs
    )
    {
        var all = (Tensor?[])inputs.Clone();
        for (int i = op.OwnInputs; i < all.Length; i++)
            all[i] ??= body.Bound(i);
        TensorType? type = op.Infer(Step.Known(all))[output];
        if (type is null or { Type: ElementType.Unknown })
            throw new ModelException($"no iteration makes '{stated.Name}', and its element type is not known");
        int[] dims = type.Shape is { } shape ? [.. shape.Dims] : [0];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = Math.Max(0, dims[i]);
        return Tensor.Zeros(type.Type, new Shape(dims));
    }
}

/// <summary>Slices of one type and shape, gathered until it is known how many there are.</summary>
/// <param name="name">What messages call them.</param>
internal sealed class SliceStack(string name)
{
    private byte[] data = [];
    private int used,
        count;
    private Tensor? first;

    /// <summary>The memory that they take.</summary>
    public long Bytes => data.Length;

    /// <summary>The rank of a slice; null while there is none.</summary>
    public int? Rank => first?.Shape.Rank;

    /// <summary>One slice of a tensor.</summary>
    public static Tensor Slice(Tensor whole, int axis, int place)
    {
        Tensor slice = Tensor.Zeros(whole.Type, new Shape([.. whole.Shape.Dims.RemoveAt(axis)]));
        var (outer, inner) = Parts(whole.Shape.Dims.AsSpan(), axis, axis + 1, whole.Type.Size());
        ReadOnlySpan<byte> from = whole.Bytes();
        Span<byte> to = slice.Bytes();
        for (int o = 0; o < outer && inner > 0; o++)
            from.Slice((o * whole.Shape[axis] + place) * inner, inner).CopyTo(to[(o * inner)..]);
        return slice;
    }

    /// <summary>Adds one.</summary>
    /// <exception cref="ModelException">It differs from those before, or all take too much memory.</exception>
    public void Add(Tensor slice, KernelContext context)
    {
        first ??= slice;
        if (slice.Type != first.Type || slice.Shape != first.Shape)
            throw new ModelException($"'{name}' is {first} in the first iteration and {slice} in iteration {count}");
        count = checked(count + 1);
        ReadOnlySpan<byte> bytes = slice.Bytes();
        if (bytes.Length > data.Length - used)
        {
            long size = Math.Max((long)used + bytes.Length, Math.Min(2L * used, Array.MaxLength));
            // Beside the bytes as they grow there is the tensor that they become.
            context.Memory.Require(2.0 * size, $"'{name}', of {count} iterations,");
            Array.Resize(ref data, checked((int)size));
        }
        bytes.CopyTo(data.AsSpan(used));
        used += bytes.Length;
    }

    /// <summary>All of them along a new axis; null if there is none.</summary>
    public Tensor? ToTensor(int axis, bool backwards)
    {
        if (first is null)
            return null;
        Tensor all = Tensor.Zeros(first.Type, new Shape([.. first.Shape.Dims.Insert(axis, count)]));
        var (outer, inner) = Parts(first.Shape.Dims.AsSpan(), axis, axis, first.Type.Size());
        Span<byte> to = all.Bytes();
        for (int i = 0; i < count && inner > 0; i++)
        for (int o = 0; o < outer; o++)
            data.AsSpan((i * outer + o) * inner, inner)
                .CopyTo(to[((o * count + (backwards ? count - 1 - i : i)) * inner)..]);
        return all;
    }

    private static (int Outer, int Inner) Parts(ReadOnlySpan<int> dims, int before, int after, int size)
    {
        int outer = 1;
        foreach (int d in dims[..before])
            outer *= d;
        foreach (int d in dims[after..])
            size *= d;
        return (outer, size);
    }
}
