using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// An argument of a <see cref="TorchOp"/>, converted from what it holds. <c>default</c> is none (Python's None).
/// </summary>
public readonly struct TorchValue
{
    internal readonly object? Reference;
    internal readonly long Bits;
    internal readonly ValueTag Tag;

    private TorchValue(ValueTag tag, long bits, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>No value, for an optional argument.</summary>
    public static TorchValue None => default;

    /// <summary>Eight-byte units that the value takes beside itself when handed over.</summary>
    internal int Units =>
        Tag switch
        {
            < ValueTag.IntList => 0,
            ValueTag.String => (int)(Bits / 8) + 1,
            _ => (int)Bits,
        };

    /// <summary>A tensor; null is none.</summary>
    public static implicit operator TorchValue(TorchTensor? tensor) =>
        tensor is null ? default : new(ValueTag.Tensor, 0, tensor);

    /// <summary>An integer.</summary>
    public static implicit operator TorchValue(int value) => new(ValueTag.Int, value);

    /// <summary>An integer; for a list argument of fixed length, repeated.</summary>
    public static implicit operator TorchValue(long value) => new(ValueTag.Int, value);

    /// <summary>A real number.</summary>
    public static implicit operator TorchValue(double value) =>
        new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static implicit operator TorchValue(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    /// <summary>An element type.</summary>
    public static implicit operator TorchValue(TorchType value) => new(ValueTag.Int, (long)value);

    /// <summary>A list of integers (or truth values, non-zero being true); null is none.</summary>
    public static implicit operator TorchValue(long[]? values) =>
        values is null ? default : new(ValueTag.IntList, values.Length, values);

    /// <summary>A list of real numbers; null is none.</summary>
    public static implicit operator TorchValue(double[]? values) =>
        values is null ? default : new(ValueTag.DoubleList, values.Length, values);

    /// <summary>
    /// A list of tensors; a null item is none, which only some operators (such as aten::index) take. Null is none.
    /// </summary>
    public static implicit operator TorchValue(TorchTensor?[]? tensors) =>
        tensors is null ? default : new(ValueTag.TensorList, tensors.Length, tensors);

    /// <summary>A string, or a device such as <c>cuda:0</c>; null is none.</summary>
    public static implicit operator TorchValue(string? text) =>
        text is null ? default : new(ValueTag.String, System.Text.Encoding.UTF8.GetByteCount(text), text);
}

/// <summary>The element type of a tensor; the values are libtorch's own <c>ScalarType</c> numbers.</summary>
public enum TorchType
{
    /// <summary>Unsigned 8-bit integer.</summary>
    Byte = 0,

    /// <summary>Signed 8-bit integer.</summary>
    SByte = 1,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 2,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 3,

    /// <summary>Signed 64-bit integer: libtorch's type for indices and class labels.</summary>
    Int64 = 4,

    /// <summary>IEEE 754 binary16.</summary>
    Float16 = 5,

    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 6,

    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 7,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 11,

    /// <summary>The upper half of a binary32.</summary>
    BFloat16 = 15,
}

/// <summary>
/// libtorch refused an operation, or is not there. The message is one line and begins with the operator's name.
/// </summary>
public sealed class TorchException : Exception
{
    /// <summary>
    /// An error of <paramref name="operatorName"/>; <paramref name="reason"/> is libtorch's own first line.
    /// </summary>
    public TorchException(string operatorName, string reason)
        : base($"{operatorName}: {reason}") => Operator = operatorName;

    /// <summary>
    /// The operator that failed, such as <c>aten::conv2d</c>; <c>libtorch</c> when the library could not be loaded.
    /// </summary>
    public string Operator { get; }
}
