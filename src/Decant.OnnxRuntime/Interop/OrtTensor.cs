using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.OnnxRuntime.Interop;

/// <summary>A tensor over memory of its own, which starts as zeros at a multiple of 64 bytes and never moves.</summary>
internal sealed unsafe class OrtTensor : IDisposable
{
    private const int Alignment = 64;
    private void* data;

    public OrtTensor(ElementType type, Shape shape)
    {
        if (type is ElementType.Int4 or ElementType.UInt4)
            throw new ModelException($"tensors of {type} are not passed to ONNX Runtime; 8-bit types are");
        Type = type;
        Length = checked((int)(shape.Count * type.Size()));
        data = NativeMemory.AlignedAlloc((nuint)Math.Max(Length, 1), Alignment);
        Bytes.Clear();
        Handle = OrtApi.NewTensor(OrtProcess.Memory, data, (nuint)Length, [.. shape.Dims.Select(d => (long)d)], type);
    }

    public nint Handle { get; private set; }

    public ElementType Type { get; }

    public Span<byte> Bytes =>
        data is not null ? new(data, Length) : throw new ObjectDisposedException(nameof(OrtTensor));

    private int Length { get; }

    public static OrtTensor Of(Tensor tensor)
    {
        var made = new OrtTensor(tensor.Type, tensor.Shape);
        tensor.Bytes().CopyTo(made.Bytes);
        return made;
    }

    public void Dispose()
    {
        OrtApi.Release(OrtKind.Tensor, Handle);
        NativeMemory.AlignedFree(data);
        Handle = 0;
        data = null;
    }
}
