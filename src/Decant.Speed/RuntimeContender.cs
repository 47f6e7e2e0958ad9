using Decant.Core;
using Decant.Runtime;

namespace Decant.Speed;

/// <summary>The managed runtime.</summary>
public sealed class RuntimeContender : IContender
{
    private readonly ReferenceExecutor executor;
    private readonly Tensor[] inputs;
    private IReadOnlyList<Tensor> outputs = [];

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx or .dcnt file.</param>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <param name="threads">The most threads one run uses.</param>
    /// <exception cref="DecantException">The file is missing or damaged, or uses what is not supported.</exception>
    public RuntimeContender(string path, int batch, int threads)
    {
        Network network = Models.Load(path);
        executor = new ReferenceExecutor(network, threads);
        inputs = Numbers.For(network.Inputs, batch);
    }

    /// <summary>Loads a model, runs it once, and lets it go.</summary>
    public static IReadOnlyList<Tensor> FirstAnswer(string path, int batch, int threads)
    {
        Network network = Models.Load(path);
        using var executor = new ReferenceExecutor(network, threads);
        return executor.Run(Numbers.For(network.Inputs, batch));
    }

    /// <inheritdoc/>
    public string Name => executor.Name;

    /// <inheritdoc/>
    public void Run() => outputs = executor.Run(inputs);

    /// <inheritdoc/>
    public float[] Answer() => outputs[0].Array<float>();

    /// <summary>The time of each layer, in milliseconds; the median of some runs.</summary>
    public IReadOnlyList<LayerTime> Layers() => [];

    /// <inheritdoc/>
    public void Dispose() => executor.Dispose();
}
