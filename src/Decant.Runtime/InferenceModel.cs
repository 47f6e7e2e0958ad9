using System.Collections.Immutable;
using Decant.Coding;
using Decant.Runtime.Planning;

namespace Decant.Runtime;

/// <summary>
/// A network to run, with its weights in the forms that kernels compute on. Sessions made from it share them; it may be used from several
/// threads at once.
/// </summary>
public sealed class InferenceModel
{
    /// <summary>Holds a network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of threads is negative.</exception>
    public InferenceModel(Network network, InferenceOptions? options = null) : this(network, options, VectorWidths.Best) { }

    /// <summary>Holds a network, computed with vectors of a width.</summary>
    internal InferenceModel(Network network, InferenceOptions? options, VectorWidth width)
    {
        options ??= new InferenceOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        Network = network;
        Plans = new PlanOptions(width, options.Threads == 0 ? Environment.ProcessorCount : options.Threads, options.MaxValueBytes, options.Measure);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>What is fed, in order.</summary>
    public ImmutableArray<ValueInfo> Inputs => Network.Inputs;

    /// <summary>What comes out, in order.</summary>
    public ImmutableArray<ValueInfo> Outputs => Network.Outputs;

    /// <summary>What plans are made for.</summary>
    internal PlanOptions Plans { get; }

    /// <summary>Forms that were measured.</summary>
    internal FormChoice Forms { get; } = new();

    /// <summary>Weights that sessions share.</summary>
    internal PackedWeights Weights { get; } = new();

    /// <summary>Loads a .dcnt file.</summary>
    /// <exception cref="FileFormatException">It is damaged, or of a newer version; the byte is named.</exception>
    public static InferenceModel Load(string path, InferenceOptions? options = null) => new(DcntReader.Load(path), options);

    /// <summary>Loads a .dcnt file from a stream.</summary>
    /// <exception cref="FileFormatException">It is damaged, or of a newer version; the byte is named.</exception>
    public static InferenceModel Load(Stream stream, InferenceOptions? options = null)
    {
        using DcntReader reader = DcntReader.Open(stream, leaveOpen: true);
        return new InferenceModel(reader.ReadNetwork(), options);
    }

    /// <summary>Makes a session: it has values of its own and runs one input at a time. Several run at the same time.</summary>
    public InferenceSession CreateSession() => new(this);
}
