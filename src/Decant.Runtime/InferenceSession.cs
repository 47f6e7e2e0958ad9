using System.Diagnostics;
using Decant.Runtime.Planning;
using Decant.Runtime.Stages;

namespace Decant.Runtime;

/// <summary>
/// Runs a model. For each set of input shapes it makes a plan once; after its first run, running the same plan again
/// allocates nothing but what kernels on tensors make. A session may be called from several threads, which wait for
/// each other.
/// </summary>
public sealed class InferenceSession : IExecutor
{
    private const int MostPlans = 4;
    private readonly InferenceModel model;
    private readonly List<(Shape[] Shapes, ExecutionPlan ExecutionPlan)> plans = [];
    private readonly Lock gate = new();
    private readonly Shape[]? usual;
    private WorkerPool? team;
    private ExecutionPlan? current;
    private long[] times = [];

    internal InferenceSession(InferenceModel model, CancellationToken cancellation)
    {
        this.model = model;
        Shape?[] shapes = Array.ConvertAll([.. model.Inputs], i => i.Type.Shape is { } s ? Fixed(s) : null);
        usual = Array.TrueForAll(shapes, s => s is not null) ? [.. shapes.Select(s => s!.Value)] : null;
        // A network whose sizes are all given is planned at once; one of any batch may not be possible with a batch of
        // one, and is planned for one when that is asked for.
        if (model.Inputs.All(i => i.Type.Shape is { IsKnown: true }))
            Prepare(usual!, cancellation);
    }

    /// <inheritdoc/>
    public string Name => "runtime";

    /// <summary>Whether runs are timed layer by layer.</summary>
    public bool Profiles { get; set; }

    /// <summary>The layers of the plan in use and how long each took in the last run that was timed.</summary>
    public IReadOnlyList<LayerProfile> Layers =>
        [
            .. Current.Stages.Select(
                (s, i) =>
                    new LayerProfile(
                        s.Name,
                        s.Kernel,
                        s.Reason,
                        Stopwatch.GetElapsedTime(0, i < times.Length ? times[i] : 0),
                        s.Macs
                    )
                    {
                        IsPlain = s is KernelStage,
                    }
            ),
        ];

    /// <summary>Bytes that the values of the plan in use take.</summary>
    public long ValueBytes => Current.ValueBytes;

    /// <summary>Bytes that it keeps between runs.</summary>
    internal long HeldBytes
    {
        get
        {
            long bytes = 0;
            foreach (var (_, plan) in plans)
                bytes += plan.HeldBytes;
            return bytes;
        }
    }

    private ExecutionPlan Current => current ?? Usual();

    /// <summary>
    /// Makes the plan for inputs of these shapes, or takes it up again. Until then a session plans a batch of one where
    /// all else is known.
    /// </summary>
    /// <exception cref="ModelException">They are not what the network expects, or a node cannot compute
    /// them.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Prepare(IReadOnlyList<Shape> shapes, CancellationToken cancellation = default)
    {
        lock (gate)
            Take(shapes, cancellation);
    }

    /// <summary>Where an input is written before a run.</summary>
    /// <exception cref="ModelException">There is no such input, or it is of another type.</exception>
    public Span<T> Input<T>(string name)
        where T : unmanaged => Values<T>(Input(name));

    /// <summary>Where an output is read after a run; the next run overwrites it.</summary>
    /// <exception cref="ModelException">There is no such output, or it is of another type.</exception>
    public ReadOnlySpan<T> Output<T>(string name)
        where T : unmanaged => Values<T>(Output(name));

    /// <summary>The shape of an output; where only a run can tell, that of the last run.</summary>
    public Shape OutputShape(string name) => Output(name) is { Shape: { } shape } ? shape : Made(Output(name)).Shape;

    /// <summary>Runs the plan on what was written to the inputs.</summary>
    /// <exception cref="ModelException">A node cannot compute what it is given; it is named.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, between layers or within one; outputs hold no
    /// result then.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        lock (gate)
            Compute(cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            NetworkInputs.Check(model.Network, inputs);
            Take([.. inputs.Select(i => i.Shape)], cancellation);
            for (int i = 0; i < inputs.Count; i++)
                inputs[i].Bytes().CopyTo(Bytes(Current.Inputs[i]));
            Compute(cancellation);
            return Current.Outputs.Select(Result).ToArray();
        }
    }

    /// <summary>Ends the session's threads.</summary>
    public void Dispose() => team?.Dispose();

    private ExecutionPlan Usual()
    {
        if (usual is null)
            throw new ModelException(
                $"the shapes of inputs {string.Join(", ", model.Inputs.Select(i => $"'{i.Name}' ({i.Type})"))} "
                    + "are not known: call Prepare with them first"
            );
        Prepare(usual);
        return current!;
    }

    private void Take(IReadOnlyList<Shape> shapes, CancellationToken cancellation)
    {
        foreach (var (known, plan) in plans)
            if (known.AsSpan().SequenceEqual([.. shapes]))
            {
                current = plan;
                return;
            }
        NetworkInputs.Check(model.Network, shapes);
        ExecutionPlan made = ExecutionPlan.Build(model, shapes, cancellation);
        if (plans.Count == MostPlans)
            plans.RemoveAt(0);
        plans.Add(([.. shapes], made));
        current = made;
        times = new long[made.Stages.Length];
        if (team is null || team.ScratchFloats < made.Scratch)
        {
            team?.Dispose();
            team = new WorkerPool(model.Plans.Threads, made.Scratch);
        }
    }

    private void Compute(CancellationToken cancellation)
    {
        ExecutionPlan plan = Current;
        if (Profiles && times.Length != plan.Stages.Length)
            times = new long[plan.Stages.Length];
        try
        {
            for (int i = 0; i < plan.Stages.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long start = Profiles ? Stopwatch.GetTimestamp() : 0;
                team!.Run(plan.Stages[i], cancellation);
                if (Profiles)
                    times[i] = Stopwatch.GetTimestamp() - start;
                plan.Release(i);
            }
        }
        catch
        {
            plan.ReleaseAll();
            throw;
        }
    }

    private static Shape? Fixed(Shape shape)
    {
        if (shape.IsKnown)
            return shape;
        Shape one = shape.Rank > 0 && shape[0] == Shape.Unknown ? shape.With(0, 1) : shape;
        return one.IsKnown ? one : null;
    }

    private Port Input(string name) => Current.Input(name) ?? throw Unknown(Current.Inputs, name, "input");

    private Port Output(string name) => Current.Output(name) ?? throw Unknown(Current.Outputs, name, "output");

    private static ModelException Unknown(IReadOnlyList<Port> ports, string name, string what) =>
        new($"there is no {what} '{name}'; there are: {string.Join(", ", ports.Select(p => $"'{p.Name}'"))}");

    private unsafe Span<T> Values<T>(Port port)
        where T : unmanaged
    {
        if (port.Buffer is null)
            return Made(port).Span<T>();
        return typeof(T) == typeof(float)
            ? new Span<T>(port.Buffer.Address, (int)port.Buffer.Count)
            : throw new ModelException($"'{port.Name}' holds Float32, not {typeof(T).Name}");
    }

    private unsafe Span<byte> Bytes(Port port) =>
        port.Buffer is null
            ? Made(port).Bytes()
            : new Span<byte>(port.Buffer.Address, checked((int)port.Buffer.Count * sizeof(float)));

    private Tensor Made(Port port) =>
        Current.Slot(port.Slot) ?? throw new ModelException($"'{port.Name}' is not there before a run");

    private Tensor Result(Port port)
    {
        if (port.Buffer is null)
            return Made(port).Clone();
        Tensor result = Tensor.Zeros(ElementType.Float32, port.Shape!.Value);
        Bytes(port).CopyTo(result.Bytes());
        return result;
    }
}

/// <summary>How long a layer took in the last run.</summary>
/// <param name="Name">The node.</param>
/// <param name="Kernel">How it is computed: direct, winograd, sparse, …</param>
/// <param name="Reason">Why the layer's compressed weight is computed on as floats; empty where it is not.</param>
/// <param name="Time">How long.</param>
/// <param name="Macs">Multiply-accumulates of the layer as the network states it; 0 where it has none.</param>
public sealed record LayerProfile(string Name, string Kernel, string Reason, TimeSpan Time, long Macs)
{
    /// <summary>
    /// Whether the operator's kernel on tensors computes it, which makes new tensors in every run: the node has no
    /// stage.
    /// </summary>
    public bool IsPlain { get; init; }
}
