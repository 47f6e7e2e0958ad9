using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx;
using Microsoft.ML.OnnxRuntime;
using Tensor = Decant.Core.Tensor;

namespace Decant.Benchmarking;

/// <summary>How ONNX Runtime computes. Nodes run one after the other.</summary>
public sealed record OnnxRuntimeOptions
{
    /// <summary>Threads within one operator; 0 for one a core.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether graph optimizations are all on; else all are off.</summary>
    public bool Optimizes { get; init; } = true;

    /// <summary>
    /// Whether optimized products with weights in blocks are of floats. ONNX Runtime's default is that their
    /// activations are rounded to int8 first.
    /// </summary>
    public bool MultipliesFloats { get; init; }
}

/// <summary>
/// Runs an ONNX model in ONNX Runtime, on the processor. <see cref="Run"/> may be called from several threads at once.
/// </summary>
public sealed class OnnxRuntimeSession : IExecutor
{
    private readonly Microsoft.ML.OnnxRuntime.InferenceSession session;
    private readonly RunOptions once = new();
    private bool isDisposed;

    /// <summary>Loads a model from memory.</summary>
    /// <exception cref="DecantException">ONNX Runtime does not load here, or does not take the model; it says
    /// why.</exception>
    public OnnxRuntimeSession(byte[] model, OnnxRuntimeOptions? options = null)
        : this(options, settings => new(model, settings)) { }

    /// <summary>Loads a network, written as ONNX.</summary>
    /// <exception cref="DecantException">ONNX Runtime does not load here, or does not take the network; it says
    /// why.</exception>
    public OnnxRuntimeSession(Network network, OnnxRuntimeOptions? options = null)
        : this(Written(network), options) { }

    private OnnxRuntimeSession(
        OnnxRuntimeOptions? options,
        Func<SessionOptions, Microsoft.ML.OnnxRuntime.InferenceSession> open
    )
    {
        options ??= new OnnxRuntimeOptions();
        session = OnnxRuntimeLibrary.Call(() =>
        {
            using var settings = new SessionOptions
            {
                GraphOptimizationLevel = options.Optimizes
                    ? GraphOptimizationLevel.ORT_ENABLE_ALL
                    : GraphOptimizationLevel.ORT_DISABLE_ALL,
                IntraOpNumThreads = options.Threads,
                InterOpNumThreads = 1,
            };
            if (options.MultipliesFloats)
                settings.AddSessionConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
            return open(settings);
        });
        Inputs = [.. session.InputNames.Select(n => Described(n, session.InputMetadata[n]))];
        Outputs = [.. session.OutputNames.Select(n => Described(n, session.OutputMetadata[n]))];
    }

    /// <inheritdoc/>
    public string Name => "onnxruntime";

    /// <summary>What the model is fed.</summary>
    public ImmutableArray<ValueInfo> Inputs { get; }

    /// <summary>What it gives.</summary>
    public ImmutableArray<ValueInfo> Outputs { get; }

    /// <summary>Loads a model from a file.</summary>
    /// <exception cref="DecantException">ONNX Runtime does not load here, or does not take the file; it says
    /// why.</exception>
    public static OnnxRuntimeSession Load(string path, OnnxRuntimeOptions? options = null) =>
        new(options, settings => new(path, settings));

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(isDisposed, this);
        NetworkInputs.Check(Inputs, inputs);
        OrtValue[] given = [.. inputs.Select(Passed)];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = OnnxRuntimeLibrary.Call(() =>
                session.Run(once, session.InputNames, given, session.OutputNames)
            );
            return [.. results.Select(Copied)];
        }
        finally
        {
            foreach (OrtValue value in given)
                value.Dispose();
        }
    }

    /// <summary>
    /// Prepares runs that copy nothing: inputs and outputs of fixed shapes, at fixed places. One ordinary run tells the
    /// shapes of the outputs.
    /// </summary>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <exception cref="DecantException">The model does not run at these shapes; ONNX Runtime says why.</exception>
    public OnnxRuntimeBinding Bind(int batch = 1)
    {
        Tensor[] inputs = [.. Inputs.Select(i => Tensor.Zeros(i.Type.Type, Known(i.Type.Shape!.Value, batch)))];
        IReadOnlyList<Tensor> outputs = Run(inputs);
        return new OnnxRuntimeBinding(
            session.CreateIoBinding(),
            [.. session.InputNames.Zip(inputs.Select(Passed))],
            [.. session.OutputNames.Zip(outputs.Select(Passed))],
            binding => session.RunWithBinding(once, binding)
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        session.Dispose();
        once.Dispose();
    }

    private static ValueInfo Described(string name, NodeMetadata value) =>
        value.IsTensor
            ? new ValueInfo(name, new TensorType((ElementType)value.ElementDataType, new Shape([.. value.Dimensions])))
            : throw new ModelException($"ONNX Runtime: '{name}' is no tensor");

    private static Shape Known(Shape shape, int batch) =>
        new([.. shape.Dims.Select(d => d == Shape.Unknown ? batch : d)]);

    private static byte[] Written(Network network)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(network, stream);
        return stream.ToArray();
    }

    /// <summary>A copy of a tensor in memory of ONNX Runtime's.</summary>
    private static OrtValue Passed(Tensor tensor)
    {
        if (tensor.Type is ElementType.Int4 or ElementType.UInt4)
            throw new ModelException($"tensors of {tensor.Type} are not passed to ONNX Runtime; 8-bit types are");
        OrtValue value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance,
            (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)tensor.Type,
            [.. tensor.Shape.Dims.Select(d => (long)d)]
        );
        tensor.Bytes().CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static Tensor Copied(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo type = value.GetTensorTypeAndShape();
        Tensor copy = Tensor.Zeros(
            (ElementType)type.ElementDataType,
            new Shape([.. type.Shape.Select(d => checked((int)d))])
        );
        value.GetTensorMutableRawData().CopyTo(copy.Bytes());
        return copy;
    }
}
