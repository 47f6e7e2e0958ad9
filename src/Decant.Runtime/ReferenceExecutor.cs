namespace Decant.Runtime;

/// <summary>
/// Computes a network node by node on the processor, with ONNX opset 21 semantics. Weights are decoded once, when it is
/// made; a value is let go as soon as its last reader ran. It may be used from several threads at once.
/// </summary>
public sealed class ReferenceExecutor : IExecutor
{
    private readonly Network network;
    private readonly Schedule schedule;
    private readonly int threads;

    /// <summary>Decodes the weights and finds a kernel for every node.</summary>
    /// <param name="network">The network to compute.</param>
    /// <param name="threads">The most threads one run uses; 0 for as many as the machine has processors.</param>
    /// <exception cref="ModelException">A node's operator has no kernel; the node and the operator are
    /// named.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public ReferenceExecutor(Network network, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        (this.network, schedule) = (network, new Schedule(network));
        this.threads = threads == 0 ? Environment.ProcessorCount : threads;
    }

    /// <summary>
    /// The most bytes that the values of one run may take at once, weights and inputs apart: a file of a few bytes may
    /// ask for any amount. As much as the machine has, unless set.
    /// </summary>
    public long MaxValueBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <inheritdoc/>
    public string Name => "runtime";

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        NetworkInputs.Check(network, inputs);
        Tensor?[] values = schedule.Begin(inputs);
        var lanes = new Threads(threads, cancellation);
        var memory = new RunMemory(values.Length, MaxValueBytes);
        foreach (Step step in schedule.Steps)
            step.Run(values, lanes, memory);
        return schedule.End(values);
    }

    /// <summary>Nothing is held that needs letting go.</summary>
    public void Dispose() { }
}
