using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// An operator of libtorch's dispatcher by its schema name, such as <c>aten::add.Tensor</c>: base name, then the
/// overload after a dot if it has one. Arguments go in schema order; trailing ones left out take the schema's defaults.
/// Errors are
/// <see cref="TorchException"/> with the operator's name. Look one up once and keep it: it is safe to share between
/// threads.
/// </summary>
public sealed class TorchOp
{
    private const int ScratchUnits = 256;
    private const int InlineResults = 8;
    private nint _handle;

    private readonly bool _draws;

    /// <summary>The operator called <paramref name="name"/>, looked up when it is first called.</summary>
    /// <param name="name">The schema name.</param>
    /// <param name="draws">Whether it draws random numbers, which are then those of the <see cref="TorchRun"/>.</param>
    public TorchOp(string name, bool draws = false) => (Name, _draws) = (name, draws);

    /// <summary>The schema name.</summary>
    public string Name { get; }

    /// <summary>The operator called <paramref name="name"/>, looked up now.</summary>
    public static TorchOp Find(string name)
    {
        var op = new TorchOp(name);
        op.Resolve();
        return op;
    }

    /// <summary>Calls an operator that returns one tensor.</summary>
    public unsafe TorchTensor Call(params ReadOnlySpan<TorchValue> arguments)
    {
        NativeValue result;
        int count = Invoke(arguments, &result, 1);
        if (count == 1 && result.Tag == ValueTag.Tensor)
            return new TorchTensor((nint)result.Bits);
        Drop(&result, count, 1);
        throw new TorchException(Name, $"returns {count} values, not one tensor: use CallMany, CallNumber or Run");
    }

    /// <summary>
    /// Calls an operator that returns several tensors or a list of them; one that is undefined is null.
    /// </summary>
    public unsafe TorchTensor?[] CallMany(params ReadOnlySpan<TorchValue> arguments)
    {
        NativeValue* first = stackalloc NativeValue[InlineResults];
        int count = Invoke(arguments, first, InlineResults);
        var results = new NativeValue[count];
        new ReadOnlySpan<NativeValue>(first, Math.Min(count, InlineResults)).CopyTo(results);
        if (count > InlineResults)
            fixed (NativeValue* rest = &results[InlineResults])
                Native.dt_rest(rest, InlineResults);
        return Array.ConvertAll(results, r => r.Tag == ValueTag.Tensor ? new TorchTensor((nint)r.Bits) : null);
    }

    /// <summary>Calls an operator that returns a number.</summary>
    public unsafe double CallNumber(params ReadOnlySpan<TorchValue> arguments)
    {
        NativeValue result;
        int count = Invoke(arguments, &result, 1);
        if (count == 1 && result.Tag is ValueTag.Int or ValueTag.Bool)
            return result.Bits;
        if (count == 1 && result.Tag == ValueTag.Double)
            return BitConverter.Int64BitsToDouble(result.Bits);
        Drop(&result, count, 1);
        throw new TorchException(Name, $"returns {count} values, not one scalar");
    }

    /// <summary>
    /// Calls the operator for its effect and drops what it returns: the way to call an in-place operator.
    /// </summary>
    public unsafe void Run(params ReadOnlySpan<TorchValue> arguments) => Invoke(arguments, null, 0);

    private nint Resolve()
    {
        int dot = Name.IndexOf('.', StringComparison.Ordinal);
        nint handle = Native.dt_find(dot < 0 ? Name : Name[..dot], dot < 0 ? "" : Name[(dot + 1)..]);
        return _handle = Native.Check(handle, Name);
    }

    private unsafe int Invoke(ReadOnlySpan<TorchValue> arguments, NativeValue* results, int capacity)
    {
        TorchRun.Use();
        if (!_draws)
            return Prepare(arguments, results, capacity);
        using Lock.Scope drawing = RandomNumbers.Draw();
        return Prepare(arguments, results, capacity);
    }

    private unsafe int Prepare(ReadOnlySpan<TorchValue> arguments, NativeValue* results, int capacity)
    {
        int units = 0;
        foreach (ref readonly TorchValue argument in arguments)
            units += argument.Units;
        if (units <= ScratchUnits)
            return InvokeSmall(arguments, results, capacity, units);
        long[] rented = ArrayPool<long>.Shared.Rent(units);
        try
        {
            fixed (long* scratch = rented)
                return InvokeWith(arguments, results, capacity, scratch);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(rented);
        }
    }

    [SkipLocalsInit]
    private unsafe int InvokeSmall(ReadOnlySpan<TorchValue> arguments, NativeValue* results, int capacity, int units)
    {
        long* scratch = stackalloc long[units];
        return InvokeWith(arguments, results, capacity, scratch);
    }

    [SkipLocalsInit]
    private unsafe int InvokeWith(ReadOnlySpan<TorchValue> arguments, NativeValue* results, int capacity, long* scratch)
    {
        NativeValue* values = stackalloc NativeValue[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
            scratch = Write(in arguments[i], ref values[i], scratch);
        nint handle = _handle != 0 ? _handle : Resolve();
        int count = Native.dt_call(handle, values, arguments.Length, results, capacity);
        return count >= 0 ? count : throw Native.Error(Name);
    }

    /// <summary>
    /// Lays out one argument; a list's items go to <paramref name="scratch"/>. Returns where the next may begin.
    /// </summary>
    private static unsafe long* Write(in TorchValue argument, ref NativeValue value, long* scratch)
    {
        value.Tag = argument.Tag;
        value.Bits = argument.Bits;
        if (argument.Tag == ValueTag.Tensor)
        {
            value.Bits = Unsafe.As<TorchTensor>(argument.Reference)!.Handle;
        }
        else if (argument.Tag >= ValueTag.IntList)
        {
            value.Count = (int)argument.Bits;
            value.Bits = (long)scratch;
            WriteItems(argument.Reference!, new Span<long>(scratch, argument.Units));
            scratch += argument.Units;
        }

        return scratch;
    }

    private static void WriteItems(object items, Span<long> scratch)
    {
        switch (items)
        {
            case long[] ints:
                ints.CopyTo(scratch);
                break;
            case double[] doubles:
                MemoryMarshal.Cast<double, long>(doubles).CopyTo(scratch);
                break;
            case TorchTensor?[] tensors:
                for (int i = 0; i < tensors.Length; i++)
                    scratch[i] = tensors[i]?.Handle ?? 0;
                break;
            case string text:
                Encoding.UTF8.GetBytes(text, MemoryMarshal.AsBytes(scratch));
                break;
        }
    }

    private static unsafe void Drop(NativeValue* first, int count, int capacity)
    {
        var results = new NativeValue[count];
        new ReadOnlySpan<NativeValue>(first, Math.Min(count, capacity)).CopyTo(results);
        if (count > capacity)
            fixed (NativeValue* rest = &results[capacity])
                Native.dt_rest(rest, capacity);
        foreach (NativeValue result in results)
        {
            nint handle = (nint)result.Bits;
            if (result.Tag == ValueTag.Tensor)
                Native.dt_free(&handle, 1);
        }
    }
}
