using System.Collections.Immutable;
using Decant.Coding;
using Decant.Runtime.Planning;

namespace Decant.Runtime;

/// <summary>
/// A network to run, with its weights packed for the kernels. Sessions made from it share them; it may be
/// used from several threads at once.
/// </summary>
public sealed class InferenceModel
{
    /// <summary>Holds a network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of threads is negative.</exception>
    public InferenceModel(Network network, InferenceOptions? options = null)
        : this(network, options, VectorWidths.Best) { }

    /// <summary>Holds a network, computed with vectors of a width.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="width">How wide vectors are.</param>
    /// <param name="byteDotProducts">Whether int8 layers are computed in int8; unless given, where that is faster on
    /// this processor.</param>
    internal InferenceModel(Network network, InferenceOptions? options, VectorWidth width, bool? byteDotProducts = null)
    {
        options ??= new InferenceOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        Network = network;
        Plans = new PlanOptions(
            width,
            byteDotProducts ?? VectorWidths.HasByteDotProducts(width),
            options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
            options.MaxValueBytes,
            options.Measure,
            options.Kernels
        );
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>What is fed, in order.</summary>
    public ImmutableArray<ValueInfo> Inputs => Network.Inputs;

    /// <summary>What comes out, in order.</summary>
    public ImmutableArray<ValueInfo> Outputs => Network.Outputs;

    /// <summary>What plans are made for.</summary>
    internal PlanOptions Plans { get; }

    /// <summary>The kernels that were picked by timing them.</summary>
    internal KernelSelector Kernels { get; } = new();

    /// <summary>Weights that sessions share.</summary>
    internal PackedWeights Weights { get; } = new();

    /// <summary>Loads a .dcnt file.</summary>
    /// <exception cref="FileFormatException">It is damaged, or of a newer version; the byte is named.</exception>
    public static InferenceModel Load(string path, InferenceOptions? options = null) =>
        new(DcntReader.Load(path), options);

    /// <summary>Loads a .dcnt file from a stream.</summary>
    /// <exception cref="FileFormatException">It is damaged, or of a newer version; the byte is named.</exception>
    public static InferenceModel Load(Stream stream, InferenceOptions? options = null)
    {
        using DcntReader reader = DcntReader.Open(stream, leaveOpen: true);
        return new InferenceModel(reader.ReadNetwork(), options);
    }

    /// <summary>
    /// Makes a session: it has values of its own and runs one input at a time. Several run at the same time.
    /// </summary>
    /// <param name="cancellation">Stops the planning of a network whose input shapes are all known.</param>
    /// <exception cref="ModelException">A node does not fit, has no kernel, or values would take too much memory; of a
    /// network whose batch is free that is said when the session first runs or is asked for its values.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public InferenceSession CreateSession(CancellationToken cancellation = default) => new(this, cancellation);
}

/// <summary>How a model is run.</summary>
public sealed record InferenceOptions
{
    /// <summary>
    /// The most threads that one run uses; 0 for as many as the machine has processors. One unless set.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// The most bytes that the values of one session may take at once, weights apart: a file of a few bytes may ask for
    /// any amount. As much as the machine has, unless set.
    /// </summary>
    public long MaxValueBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>
    /// Whether the kernel of each layer (direct or Winograd, dense or compressed) is chosen by timing those that fit
    /// when
    /// a plan is made; otherwise by rules. Rules choose the same on every run, so that results are the same to the last
    /// bit.
    /// </summary>
    public bool Measure { get; init; }

    /// <summary>
    /// Kernels that compute nodes in place of the runtime's own. For each node the first is taken that says it can run
    /// it. Such a node is not joined with those beside it.
    /// </summary>
    public ImmutableArray<IOperatorKernel> Kernels { get; init; } = [];
}
