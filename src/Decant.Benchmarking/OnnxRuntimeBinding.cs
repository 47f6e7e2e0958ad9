using System.Runtime.InteropServices;
using Decant.Core;
using Microsoft.ML.OnnxRuntime;
using Tensor = Decant.Core.Tensor;

namespace Decant.Benchmarking;

/// <summary>
/// Runs of fixed shapes that copy nothing: inputs are filled, and outputs read, where ONNX Runtime reads and writes
/// them. For one thread at a time; disposed before its session.
/// </summary>
public sealed class OnnxRuntimeBinding : IDisposable
{
    private readonly Action<OrtIoBinding> run;
    private readonly OrtIoBinding binding;
    private readonly OrtValue[] inputs,
        outputs;

    /// <summary>Binds the inputs and outputs of a session in order.</summary>
    internal OnnxRuntimeBinding(
        OrtIoBinding binding,
        IReadOnlyList<(string Name, OrtValue Value)> inputs,
        IReadOnlyList<(string Name, OrtValue Value)> outputs,
        Action<OrtIoBinding> run
    )
    {
        (this.binding, this.run) = (binding, run);
        foreach (var (name, value) in inputs)
            binding.BindInput(name, value);
        foreach (var (name, value) in outputs)
            binding.BindOutput(name, value);
        (this.inputs, this.outputs) = ([.. inputs.Select(i => i.Value)], [.. outputs.Select(o => o.Value)]);
    }

    /// <summary>The elements of an input, to be filled; zeros at first.</summary>
    /// <exception cref="ModelException">The input does not hold <typeparamref name="T"/>.</exception>
    public Span<T> Input<T>(int index)
        where T : unmanaged => Elements<T>(inputs[index]);

    /// <summary>Fills an input.</summary>
    /// <exception cref="ModelException">The tensor is not of the input's type and size.</exception>
    public void Set(int index, Tensor tensor)
    {
        Span<byte> to = inputs[index].GetTensorMutableRawData();
        if (
            (ElementType)inputs[index].GetTensorTypeAndShape().ElementDataType != tensor.Type
            || to.Length != tensor.Bytes().Length
        )
            throw new ModelException($"input {index} was given {tensor}");
        tensor.Bytes().CopyTo(to);
    }

    /// <summary>The elements of an output, as of the last run.</summary>
    /// <exception cref="ModelException">The output does not hold <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> Output<T>(int index)
        where T : unmanaged => Elements<T>(outputs[index]);

    /// <summary>Runs once.</summary>
    public void Run() => run(binding);

    /// <inheritdoc/>
    public void Dispose()
    {
        binding.Dispose();
        foreach (OrtValue value in inputs.Concat(outputs))
            value.Dispose();
    }

    private static Span<T> Elements<T>(OrtValue value)
        where T : unmanaged
    {
        var type = (ElementType)value.GetTensorTypeAndShape().ElementDataType;
        return type.ClrType() == typeof(T)
            ? MemoryMarshal.Cast<byte, T>(value.GetTensorMutableRawData())
            : throw new ModelException($"a tensor of {type} was read as {typeof(T).Name}");
    }
}
