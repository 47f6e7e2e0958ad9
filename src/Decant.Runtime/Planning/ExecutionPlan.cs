using System.Collections.Immutable;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning;

/// <summary>A network made ready for inputs of given shapes: stages in order, with memory of their own.</summary>
internal sealed class ExecutionPlan
{
    private readonly Arena arena;
    private readonly Dictionary<string, Port> inputsByName = new(StringComparer.Ordinal),
        outputsByName = new(StringComparer.Ordinal);
    private readonly int[][] dead;
    private readonly Tensor?[] slots;
    private readonly RunMemory memory;

    private ExecutionPlan(PlanBuilder builder, IReadOnlyList<Port> inputs, IReadOnlyList<Port> outputs)
    {
        (Stages, Inputs, Outputs) = ([.. builder.Stages], inputs, outputs);
        foreach (Port port in inputs)
            inputsByName.TryAdd(port.Name, port);
        foreach (Port port in outputs)
            outputsByName.TryAdd(port.Name, port);
        slots = [.. builder.Slots];
        dead = DeadSlots();
        for (int i = 0; i < Stages.Length; i++)
            foreach (PlanBuffer buffer in Stages[i].Buffers)
                buffer.Use(i);
        foreach (Port port in inputs)
            port.Buffer?.Use(0);
        // Inputs keep their place too, so that a caller may run again without filling them again.
        foreach (Port port in inputs.Concat(outputs))
            port.Buffer?.Use(Stages.Length);
        arena = new Arena(AllBuffers(), builder.Options.MaxValueBytes);
        memory = new RunMemory(slots.Length, builder.Options.MaxValueBytes, arena.Bytes);
        foreach (Stage stage in Stages)
        {
            if (stage is TensorStage tensors)
                tensors.Slots = slots;
            if (stage is KernelStage kernel)
                kernel.Count = memory;
            stage.Bind();
        }
        Scratch = Stages.Select(s => s.Scratch).DefaultIfEmpty(0).Max();
    }

    /// <summary>The stages, in order.</summary>
    public Stage[] Stages { get; }

    /// <summary>Where each input is put.</summary>
    public IReadOnlyList<Port> Inputs { get; }

    /// <summary>Where each output is found.</summary>
    public IReadOnlyList<Port> Outputs { get; }

    /// <summary>Floats of scratch that each thread needs.</summary>
    public int Scratch { get; }

    /// <summary>Bytes that values take.</summary>
    public long ValueBytes => arena.Bytes;

    /// <summary>Bytes that it keeps between runs, those of plans within it too.</summary>
    public long HeldBytes => memory.Live;

    /// <summary>Plans a network.</summary>
    /// <exception cref="ModelException">A node does not fit, has no kernel, or values would take too much
    /// memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExecutionPlan Build(InferenceModel model, IReadOnlyList<Shape> shapes, CancellationToken cancellation)
    {
        Network network = model.Network;
        var known = new KnownValues(network, shapes, model.Plans.MaxValueBytes, cancellation);
        var given = new GivenKernels(model.Plans.Kernels, known);
        IReadOnlyList<Operation> operations = Fusion.Of(network, known, given);
        var builder = new PlanBuilder(known, operations, given, model, cancellation);
        Port[] inputs = [.. network.Inputs.Select(i => Port.Input(i.Name, builder))];
        foreach (Operation operation in operations)
        {
            cancellation.ThrowIfCancellationRequested();
            LayerCatalogue.Add(operation, builder);
        }
        Port[] outputs = [.. network.Outputs.Select(o => Port.Output(o.Name, builder))];
        return new ExecutionPlan(builder, inputs, outputs);
    }

    /// <summary>An input by its name; null if there is none of that name.</summary>
    public Port? Input(string name) => inputsByName.GetValueOrDefault(name);

    /// <summary>An output by its name; null if there is none of that name.</summary>
    public Port? Output(string name) => outputsByName.GetValueOrDefault(name);

    /// <summary>The tensor of a slot.</summary>
    public Tensor? Slot(int slot) => slots[slot];

    /// <summary>Lets go of tensors that no later stage reads.</summary>
    public void Release(int stage)
    {
        foreach (int slot in dead[stage])
        {
            slots[slot] = null;
            memory.Release(slot);
        }
    }

    /// <summary>Lets go of all tensors that stages made, after a run that did not end.</summary>
    public void ReleaseAll()
    {
        for (int stage = 0; stage < dead.Length; stage++)
            Release(stage);
    }

    private IEnumerable<PlanBuffer> Ports =>
        Inputs.Concat(Outputs).Where(p => p.Buffer is not null).Select(p => p.Buffer!);

    private PlanBuffer[] AllBuffers() => [.. Stages.SelectMany(s => s.Buffers).Concat(Ports).Distinct()];

    /// <summary>For each stage the slots it reads last, constants, inputs and outputs apart.</summary>
    private int[][] DeadSlots()
    {
        var last = new int[slots.Length];
        Array.Fill(last, -1);
        for (int i = 0; i < Stages.Length; i++)
            if (Stages[i] is TensorStage stage)
                foreach (int slot in stage.SlotsUsed)
                    last[slot] = i;
        foreach (Port port in Inputs.Concat(Outputs))
            if (port.Slot >= 0)
                last[port.Slot] = -1;
        var dead = new List<int>?[Stages.Length];
        for (int slot = 0; slot < last.Length; slot++)
            if (last[slot] >= 0 && slots[slot] is null)
                (dead[last[slot]] ??= []).Add(slot);
        return Array.ConvertAll(dead, d => d is null ? [] : d.ToArray());
    }
}

/// <summary>What a plan is made for.</summary>
/// <param name="Width">How wide vectors are.</param>
/// <param name="ByteDotProducts">Whether int8 layers are computed in int8; else in floats.</param>
/// <param name="Threads">The most threads that a run uses.</param>
/// <param name="MaxValueBytes">The most bytes that values may take at once.</param>
/// <param name="Measure">Whether kernels are chosen by timing them; else by rules.</param>
/// <param name="Kernels">Kernels that are taken before the runtime's own.</param>
internal sealed record PlanOptions(
    VectorWidth Width,
    bool ByteDotProducts,
    int Threads,
    long MaxValueBytes,
    bool Measure,
    ImmutableArray<IOperatorKernel> Kernels
);
