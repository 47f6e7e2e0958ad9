using Decant.Torch.Interop;

namespace Decant.Torch;

public sealed partial class TorchTensor
{
    /// <summary>
    /// A new tensor with a copy of <paramref name="data"/>, row-major. <typeparamref name="T"/> is float, double, Half,
    /// long, int, short, sbyte, byte or bool; the product of <paramref name="sizes"/> must be the number of elements
    /// (no sizes: one element).
    /// </summary>
    public static unsafe TorchTensor From<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> sizes)
        where T : unmanaged
    {
        TorchType type = ElementType.Of<T>();
        CheckSizes(data.Length, sizes);
        TorchRun.Use();
        fixed (T* p = data)
        fixed (long* s = sizes)
        {
            nint handle = Native.dt_from(p, (long)data.Length * sizeof(T), (int)type, s, sizes.Length);
            return new TorchTensor(Native.Check(handle, "from"));
        }
    }

    /// <summary>A new tensor of no dimensions with one element.</summary>
    public static TorchTensor Scalar<T>(T value)
        where T : unmanaged => From(new ReadOnlySpan<T>(in value));

    /// <summary>The elements, row-major, in a new array. <typeparamref name="T"/> must be the element type.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        var data = new T[ElementCount];
        CopyTo<T>(data);
        return data;
    }

    /// <summary>Copies all elements, row-major, from whatever device; lengths and types must agree.</summary>
    public unsafe void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        CheckElements<T>(destination.Length, "copy_to");
        fixed (T* p = destination)
            Native.Check(Native.dt_copy_to(Handle, p, (long)destination.Length * sizeof(T)), "copy_to");
    }

    /// <summary>Overwrites all elements in place, unseen by autograd; lengths and types must agree.</summary>
    public unsafe void CopyFrom<T>(ReadOnlySpan<T> source)
        where T : unmanaged
    {
        CheckElements<T>(source.Length, "copy_from");
        fixed (T* p = source)
            Native.Check(Native.dt_copy_from(Handle, p, (long)source.Length * sizeof(T)), "copy_from");
    }

    /// <summary>
    /// The elements themselves, not a copy, of a contiguous tensor in host memory. Writes are unseen by autograd. The
    /// span is good only while a handle to these elements is alive.
    /// </summary>
    public unsafe Span<T> AsSpan<T>()
        where T : unmanaged
    {
        int length = checked((int)ElementCount);
        CheckElements<T>(length, "data_ptr");
        if (length == 0)
            return [];
        return new Span<T>((void*)Native.Check(Native.dt_data(Handle), "data_ptr"), length);
    }

    /// <summary>The only element, as a double.</summary>
    public double ToDouble() => Item().Real;

    /// <summary>The only element, as a float.</summary>
    public float ToSingle() => (float)Item().Real;

    /// <summary>The only element of an integer or Boolean tensor.</summary>
    public long ToInt64() =>
        Item() is (false, _, var integer)
            ? integer
            : throw new TorchException("item", $"a {Type} is no integer: use ToDouble");

    private unsafe (bool Floating, double Real, long Integer) Item()
    {
        double real;
        long integer;
        int floating = Native.dt_item(Handle, &real, &integer);
        Native.Check(floating, "item");
        return (floating != 0, real, integer);
    }

    private void CheckElements<T>(int length, string operation)
        where T : unmanaged
    {
        if (Type != ElementType.Of<T>())
            throw new TorchException(operation, $"the tensor holds {Type}, not {ElementType.Of<T>()}");
        if (ElementCount != length)
            throw new TorchException(operation, $"the tensor holds {ElementCount} elements, not {length}");
    }

    private static void CheckSizes(int length, ReadOnlySpan<long> sizes)
    {
        UInt128 product = 1;
        foreach (long size in sizes)
        {
            if (size < 0)
                throw new TorchException("from", $"a size is negative: [{Join(sizes)}]");
            product = UInt128.Min(product * (ulong)size, ulong.MaxValue);
        }

        if (product != (UInt128)length)
            throw new TorchException("from", $"sizes [{Join(sizes)}] do not hold the {length} elements given");
    }

    private static string Join(ReadOnlySpan<long> sizes) => string.Join(", ", sizes.ToArray());
}
