using Decant.Core;
using Decant.Runtime;

namespace Decant.Speed;

/// <summary>The managed runtime, on inputs and outputs in place.</summary>
public sealed class RuntimeContender : IContender
{
    private readonly Network network;
    private readonly InferenceSession session;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx or .dcnt file.</param>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <param name="threads">The most threads one run uses.</param>
    /// <exception cref="DecantException">The file is missing or damaged, or uses what is not supported.</exception>
    public RuntimeContender(string path, int batch, int threads)
    {
        network = Models.Load(path);
        session = new InferenceModel(network, new InferenceOptions { Threads = threads }).CreateSession();
        Tensor[] inputs = Numbers.For(network.Inputs, batch);
        session.Prepare([.. inputs.Select(i => i.Shape)]);
        for (int i = 0; i < inputs.Length; i++) inputs[i].Span<float>().CopyTo(session.Input<float>(network.Inputs[i].Name));
    }

    /// <inheritdoc/>
    public string Name => session.Name;

    /// <summary>Loads a model, runs it once, and lets it go.</summary>
    public static void FirstAnswer(string path, IReadOnlyList<Tensor> inputs, int threads)
    {
        using InferenceSession session = new InferenceModel(Models.Load(path), new InferenceOptions { Threads = threads }).CreateSession();
        session.Run(inputs);
    }

    /// <inheritdoc/>
    public void Run() => session.Run();

    /// <inheritdoc/>
    public float[] Answer() => session.Output<float>(network.Outputs[0].Name).ToArray();

    /// <summary>The time of each layer, the medians of some runs.</summary>
    public IReadOnlyList<LayerTime> Layers(int runs) => LayerTime.Measure(session, network, runs);

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
