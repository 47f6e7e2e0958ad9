using Decant.Core;
using Decant.Data;
using Decant.Runtime;

namespace Decant.Speed;

/// <summary>One of those that are timed: a network ready to run, its inputs in place.</summary>
public interface IContender : IDisposable
{
    /// <summary>The executor's name.</summary>
    string Name { get; }

    /// <summary>
    /// Computes once. This is what is timed: nothing is copied in or out that the executor does not need.
    /// </summary>
    void Run();

    /// <summary>The elements of the first output.</summary>
    double[] Answer();
}

/// <summary>The managed runtime, on inputs and outputs in place.</summary>
public sealed class RuntimeContender : IContender
{
    private readonly Network network;
    private readonly InferenceSession session;
    private readonly Tensor[] inputs;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx or .dcnt file.</param>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <param name="threads">The most threads one run uses.</param>
    /// <exception cref="DecantException">The file is missing or damaged, or uses what is not supported.</exception>
    public RuntimeContender(string path, int batch, int threads)
        : this(Models.Load(path), batch, threads) { }

    /// <summary>Makes a network ready to run.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <param name="threads">The most threads one run uses.</param>
    /// <exception cref="ModelException">The shapes of its inputs are not known, or do not fit it.</exception>
    public RuntimeContender(Network network, int batch, int threads)
    {
        this.network = network;
        session = new InferenceModel(network, new InferenceOptions { Threads = threads }).CreateSession();
        inputs = RandomInputs.For(network.Inputs, batch);
        session.Run(inputs);
    }

    /// <inheritdoc/>
    public string Name => session.Name;

    /// <summary>Loads a model, runs it once, and lets it go.</summary>
    public static void FirstAnswer(string path, IReadOnlyList<Tensor> inputs, int threads)
    {
        using InferenceSession session = new InferenceModel(
            Models.Load(path),
            new InferenceOptions { Threads = threads }
        ).CreateSession();
        session.Run(inputs);
    }

    /// <inheritdoc/>
    public void Run() => session.Run();

    /// <inheritdoc/>
    public double[] Answer() => TensorValues.Of(session.Run(inputs)[0]);

    /// <summary>The time of each layer, the medians of some runs.</summary>
    public IReadOnlyList<LayerTime> Layers(int runs) => LayerTime.Measure(session, network, runs);

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
