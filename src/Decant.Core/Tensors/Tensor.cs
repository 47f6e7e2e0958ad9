using System.Runtime.InteropServices;

namespace Decant.Core;

/// <summary>
/// A dense array of numbers in row-major order, with a shape. The contents may be written through
/// <see cref="Span{T}"/>.
/// </summary>
public sealed class Tensor
{
    private readonly Array data;

    private Tensor(ElementType type, Shape shape, Array data) => (Type, Shape, this.data) = (type, shape, data);

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The shape; every extent is known.</summary>
    public Shape Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Count => data.Length;

    /// <summary>Wraps an array, without copying it, as a tensor of the natural element type.</summary>
    /// <exception cref="ModelException">The array's length is not the shape's count.</exception>
    public static Tensor Of<T>(Shape shape, T[] values)
        where T : unmanaged => Of(ElementTypes.Of<T>(), shape, values);

    /// <summary>Wraps an array, without copying it, as a tensor of a stated element type.</summary>
    /// <exception cref="ModelException">The array's length or type does not fit.</exception>
    public static Tensor Of(ElementType type, Shape shape, Array values)
    {
        if (values.GetType().GetElementType() != type.ClrType())
            throw new ModelException($"a {type} tensor cannot hold {values.GetType().Name}");
        if (values.Length != shape.Count)
            throw new ModelException($"{values.Length} elements do not fill shape {shape}, which has {shape.Count}");
        return new Tensor(type, shape, values);
    }

    /// <summary>A tensor of zeros.</summary>
    /// <exception cref="ModelException">It would have more than <see cref="Array.MaxLength"/> elements.</exception>
    public static Tensor Zeros(ElementType type, Shape shape) =>
        shape.Count <= System.Array.MaxLength
            ? new Tensor(type, shape, type.NewArray((int)shape.Count))
            : throw new ModelException(
                $"a tensor of shape {shape} is too large: at most {System.Array.MaxLength} elements"
            );

    /// <summary>A single number.</summary>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged => Of(Shape.Scalar, new[] { value });

    /// <summary>A vector.</summary>
    public static Tensor Vector<T>(params T[] values)
        where T : unmanaged => Of(new Shape(values.Length), values);

    /// <summary>The elements.</summary>
    /// <exception cref="ModelException">The tensor does not hold <typeparamref name="T"/>.</exception>
    public Span<T> Span<T>()
        where T : unmanaged => Array<T>();

    /// <summary>The array behind the tensor, not a copy.</summary>
    /// <exception cref="ModelException">The tensor does not hold <typeparamref name="T"/>.</exception>
    public T[] Array<T>()
        where T : unmanaged =>
        data as T[] is { } typed && typeof(T) == Type.ClrType()
            ? typed
            : throw new ModelException($"a tensor of {Type} was read as {typeof(T).Name}");

    /// <summary>The elements as bytes, in this machine's order.</summary>
    public Span<byte> Bytes() =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(data), data.Length * Type.Size());

    /// <summary>The same elements under another shape of equal count; the array is shared.</summary>
    public Tensor Reshape(Shape shape) => Of(Type, shape, data);

    /// <summary>A copy with its own array.</summary>
    public Tensor Clone() => new(Type, Shape, (Array)data.Clone());

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Shape}";
}
