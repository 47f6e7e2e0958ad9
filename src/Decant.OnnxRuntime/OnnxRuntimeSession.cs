using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.OnnxRuntime.Interop;

namespace Decant.OnnxRuntime;

/// <summary>
/// Runs an ONNX model in ONNX Runtime, on the processor. It may be used from several threads at once, but for letting
/// it go.
/// </summary>
public sealed unsafe class OnnxRuntimeSession : IExecutor
{
    private readonly OrtNames inputNames,
        outputNames;
    private nint session;

    /// <summary>Loads a model from memory.</summary>
    /// <exception cref="DecantException">ONNX Runtime is not here, or does not take the model; it says why.</exception>
    public OnnxRuntimeSession(byte[] model, OnnxRuntimeOptions? options = null)
        : this(options, settings => OrtApi.NewSession(OrtProcess.Environment, model, settings)) { }

    /// <summary>Loads a network, written as ONNX.</summary>
    /// <exception cref="DecantException">ONNX Runtime is not here, or does not take the network; it says
    /// why.</exception>
    public OnnxRuntimeSession(Network network, OnnxRuntimeOptions? options = null)
        : this(Written(network), options) { }

    private OnnxRuntimeSession(OnnxRuntimeOptions? options, Func<nint, nint> open)
    {
        nint settings = OrtApi.NewOptions((options ?? new()).Threads);
        try
        {
            session = open(settings);
        }
        finally
        {
            OrtApi.Release(OrtKind.SessionOptions, settings);
        }
        (Inputs, Outputs) = ([.. OrtApi.Values(session, inputs: true)], [.. OrtApi.Values(session, inputs: false)]);
        (inputNames, outputNames) = (new OrtNames(Inputs), new OrtNames(Outputs));
    }

    /// <inheritdoc/>
    public string Name => "onnxruntime";

    /// <summary>What the model is fed.</summary>
    public ImmutableArray<ValueInfo> Inputs { get; }

    /// <summary>What it gives.</summary>
    public ImmutableArray<ValueInfo> Outputs { get; }

    internal nint Handle => session != 0 ? session : throw new ObjectDisposedException(nameof(OnnxRuntimeSession));

    /// <summary>Loads a model from a file.</summary>
    /// <exception cref="DecantException">ONNX Runtime is not here, or does not take the file; it says why.</exception>
    public static OnnxRuntimeSession Load(string path, OnnxRuntimeOptions? options = null) =>
        new(options, settings => OrtApi.NewSession(OrtProcess.Environment, path, settings));

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        NetworkInputs.Check(Inputs, inputs);
        OrtTensor[] given = [.. inputs.Select(OrtTensor.Of)];
        var made = new nint[Outputs.Length];
        try
        {
            nint[] handles = Array.ConvertAll(given, t => t.Handle);
            fixed (
                nint* names = inputNames.Pointers,
                    values = handles,
                    results = outputNames.Pointers,
                    outputs = made
            )
                OrtApi.RunOnce(Handle, names, values, handles.Length, results, outputs, made.Length);
            return Array.ConvertAll(made, Copy);
        }
        finally
        {
            foreach (OrtTensor tensor in given)
                tensor.Dispose();
            foreach (nint tensor in made)
                OrtApi.Release(OrtKind.Tensor, tensor);
        }
    }

    /// <summary>
    /// Prepares runs that copy and allocate nothing: inputs and outputs of fixed shapes, at fixed places.
    /// </summary>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <exception cref="DecantException">The model does not run at these shapes; ONNX Runtime says why.</exception>
    public OnnxRuntimeBinding Bind(int batch = 1) =>
        new(this, [.. Inputs.Select(i => Tensor.Zeros(i.Type.Type, Known(i.Type.Shape!.Value, batch)))]);

    /// <inheritdoc/>
    public void Dispose()
    {
        OrtApi.Release(OrtKind.Session, Interlocked.Exchange(ref session, 0));
        inputNames.Dispose();
        outputNames.Dispose();
    }

    internal nint NameOf(int index, bool input) => (input ? inputNames : outputNames).Pointers[index];

    private static Shape Known(Shape shape, int batch) =>
        new([.. shape.Dims.Select(d => d == Shape.Unknown ? batch : d)]);

    private static byte[] Written(Network network)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(network, stream);
        return stream.ToArray();
    }

    private static Tensor Copy(nint tensor)
    {
        var ((type, shape), data) = OrtApi.Read(tensor);
        Tensor copy = Tensor.Zeros(type, shape!.Value);
        new ReadOnlySpan<byte>((void*)data, copy.Bytes().Length).CopyTo(copy.Bytes());
        return copy;
    }
}
