using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Runs networks through libtorch.</summary>
public sealed class TorchExecutor(Network network) : IExecutor
{
    private readonly TrainingNetwork torch = new(network);

    /// <inheritdoc/>
    public string Name => "torch";

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        NetworkInputs.Check(network, inputs);
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        TorchTensor[] outputs = torch.Forward(training: false, [.. inputs.Select(i => i.ToTorch())]);
        return [.. outputs.Select((o, i) => o.ToTensor(network.Outputs[i].Type.Type))];
    }

    /// <inheritdoc/>
    public void Dispose() => torch.Dispose();
}

/// <summary>Tensors between Core and libtorch.</summary>
internal static class TorchTensors
{
    public static TorchTensor ToTorch(this Tensor tensor)
    {
        long[] sizes = Operators.Shapes.Sizes(tensor.Shape);
        return tensor.Type switch
        {
            ElementType.Float32 => TorchTensor.From<float>(tensor.Span<float>(), sizes),
            ElementType.Float64 => TorchTensor.From<double>(tensor.Span<double>(), sizes),
            ElementType.Float16 => TorchTensor.From<Half>(tensor.Span<Half>(), sizes),
            ElementType.Int64 => TorchTensor.From<long>(tensor.Span<long>(), sizes),
            ElementType.Int32 => TorchTensor.From<int>(tensor.Span<int>(), sizes),
            ElementType.Int16 => TorchTensor.From<short>(tensor.Span<short>(), sizes),
            ElementType.Int8 => TorchTensor.From<sbyte>(tensor.Span<sbyte>(), sizes),
            ElementType.UInt8 => TorchTensor.From<byte>(tensor.Span<byte>(), sizes),
            ElementType.UInt4 => TorchTensor.From<byte>(tensor.Span<byte>(), sizes),
            ElementType.Int4 => TorchTensor.From<sbyte>(tensor.Span<sbyte>(), sizes),
            ElementType.Bool => TorchTensor.From<bool>(tensor.Span<bool>(), sizes),
            // libtorch has no wider unsigned integers; arithmetic modulo 2^64 is the same on signed ones.
            ElementType.UInt16 => TorchTensor.From<long>(Array.ConvertAll(tensor.Array<ushort>(), v => (long)v), sizes),
            ElementType.UInt32 => TorchTensor.From<long>(Array.ConvertAll(tensor.Array<uint>(), v => (long)v), sizes),
            ElementType.UInt64 => TorchTensor.From<long>(Array.ConvertAll(tensor.Array<ulong>(), v => (long)v), sizes),
            _ => throw new ModelException(
                $"libtorch has no tensors of {tensor.Type}; run the network with the managed runtime"
            ),
        };
    }

    /// <summary>The element type; unknown if Decant has none such.</summary>
    public static ElementType ToElementType(this TorchType type) =>
        type switch
        {
            TorchType.Float32 => ElementType.Float32,
            TorchType.Float64 => ElementType.Float64,
            TorchType.Float16 => ElementType.Float16,
            TorchType.Int64 => ElementType.Int64,
            TorchType.Int32 => ElementType.Int32,
            TorchType.Int16 => ElementType.Int16,
            TorchType.SByte => ElementType.Int8,
            TorchType.Byte => ElementType.UInt8,
            TorchType.Boolean => ElementType.Bool,
            _ => ElementType.Unknown,
        };

    /// <summary>A tensor of the type a network says its output has, where libtorch lacks that type.</summary>
    public static Tensor ToTensor(this TorchTensor tensor, ElementType type)
    {
        Tensor result = tensor.ToTensor();
        return (type, result.Type) switch
        {
            (ElementType.UInt16, ElementType.Int64) => Tensor.Of(
                result.Shape,
                Array.ConvertAll(result.Array<long>(), v => (ushort)v)
            ),
            (ElementType.UInt32, ElementType.Int64) => Tensor.Of(
                result.Shape,
                Array.ConvertAll(result.Array<long>(), v => (uint)v)
            ),
            (ElementType.UInt64, ElementType.Int64) => Tensor.Of(
                result.Shape,
                Array.ConvertAll(result.Array<long>(), v => (ulong)v)
            ),
            (ElementType.UInt4, ElementType.UInt8) => Tensor.Of(type, result.Shape, result.Array<byte>()),
            (ElementType.Int4, ElementType.Int8) => Tensor.Of(type, result.Shape, result.Array<sbyte>()),
            _ => result,
        };
    }

    public static Tensor ToTensor(this TorchTensor tensor)
    {
        Shape shape = Operators.Shapes.Of(tensor);
        return tensor.Type switch
        {
            TorchType.Float32 => Tensor.Of(shape, tensor.ToArray<float>()),
            TorchType.Float64 => Tensor.Of(shape, tensor.ToArray<double>()),
            TorchType.Float16 => Tensor.Of(shape, tensor.ToArray<Half>()),
            TorchType.Int64 => Tensor.Of(shape, tensor.ToArray<long>()),
            TorchType.Int32 => Tensor.Of(shape, tensor.ToArray<int>()),
            TorchType.Int16 => Tensor.Of(shape, tensor.ToArray<short>()),
            TorchType.SByte => Tensor.Of(shape, tensor.ToArray<sbyte>()),
            TorchType.Byte => Tensor.Of(shape, tensor.ToArray<byte>()),
            TorchType.Boolean => Tensor.Of(shape, tensor.ToArray<bool>()),
            _ => throw new ModelException($"libtorch gave a tensor of {tensor.Type}, which Decant does not know"),
        };
    }
}
