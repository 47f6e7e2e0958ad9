using Decant.Core;
using Decant.Data;
using Decant.Speed;

namespace Decant.Benchmarking;

/// <summary>ONNX Runtime on bound inputs and outputs.</summary>
public sealed class OnnxRuntimeContender : IContender
{
    private readonly OnnxRuntimeSession session;
    private readonly OnnxRuntimeBinding binding;
    private readonly Tensor[] inputs;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <param name="threads">Threads within one operator.</param>
    /// <exception cref="DecantException">ONNX Runtime is not here, or does not take the file; it says why.</exception>
    public OnnxRuntimeContender(string path, int batch, int threads)
    {
        session = OnnxRuntimeSession.Load(path, new OnnxRuntimeOptions { Threads = threads });
        binding = session.Bind(batch);
        inputs = RandomInputs.For(session.Inputs, batch);
        for (int i = 0; i < inputs.Length; i++)
            binding.Set(i, inputs[i]);
    }

    /// <summary>Loads a model, runs it once, and lets it go.</summary>
    public static void FirstAnswer(string path, IReadOnlyList<Tensor> inputs, int threads)
    {
        using var session = OnnxRuntimeSession.Load(path, new OnnxRuntimeOptions { Threads = threads });
        session.Run(inputs);
    }

    /// <inheritdoc/>
    public string Name => session.Name;

    /// <inheritdoc/>
    public void Run() => binding.Run();

    /// <inheritdoc/>
    public double[] Answer() => TensorValues.Of(session.Run(inputs)[0]);

    /// <inheritdoc/>
    public void Dispose()
    {
        binding.Dispose();
        session.Dispose();
    }
}
