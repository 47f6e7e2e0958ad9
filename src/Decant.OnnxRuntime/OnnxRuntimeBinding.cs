using System.Runtime.InteropServices;
using Decant.Core;
using Decant.OnnxRuntime.Interop;

namespace Decant.OnnxRuntime;

/// <summary>
/// Runs of fixed shapes that copy and allocate nothing on this side: inputs are filled, and outputs read, where ONNX
/// Runtime reads and writes them. For one thread at a time; let go before its session.
/// </summary>
public sealed class OnnxRuntimeBinding : IDisposable
{
    private readonly OnnxRuntimeSession session;
    private readonly OrtTensor[] inputs,
        outputs;
    private nint binding;

    /// <summary>Binds; one ordinary run tells the shapes of the outputs.</summary>
    internal OnnxRuntimeBinding(OnnxRuntimeSession session, IReadOnlyList<Tensor> first)
    {
        this.session = session;
        IReadOnlyList<Tensor> results = session.Run(first);
        inputs = [.. first.Select(OrtTensor.Of)];
        outputs = [.. results.Select(OrtTensor.Of)];
        binding = OrtApi.NewBinding(session.Handle);
        for (int i = 0; i < inputs.Length; i++)
            OrtApi.Bind(binding, session.NameOf(i, input: true), inputs[i].Handle, input: true);
        for (int i = 0; i < outputs.Length; i++)
            OrtApi.Bind(binding, session.NameOf(i, input: false), outputs[i].Handle, input: false);
    }

    /// <summary>The numbers of an input, to be filled.</summary>
    /// <exception cref="ModelException">The input does not hold <typeparamref name="T"/>.</exception>
    public Span<T> Input<T>(int index)
        where T : unmanaged => Numbers<T>(inputs[index]);

    /// <summary>The numbers of an output, as of the last run.</summary>
    /// <exception cref="ModelException">The output does not hold <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> Output<T>(int index)
        where T : unmanaged => Numbers<T>(outputs[index]);

    /// <summary>Runs once.</summary>
    public void Run() => OrtApi.RunBound(session.Handle, binding);

    /// <inheritdoc/>
    public void Dispose()
    {
        OrtApi.Release(OrtKind.IoBinding, Interlocked.Exchange(ref binding, 0));
        foreach (OrtTensor tensor in inputs.Concat(outputs))
            tensor.Dispose();
    }

    private static Span<T> Numbers<T>(OrtTensor tensor)
        where T : unmanaged =>
        tensor.Type.ClrType() == typeof(T)
            ? MemoryMarshal.Cast<byte, T>(tensor.Bytes)
            : throw new ModelException($"a tensor of {tensor.Type} was read as {typeof(T).Name}");
}
