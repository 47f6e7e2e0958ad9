using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>A computation that is the same on every integer and floating-point type.</summary>
internal interface INumericKernel
{
    /// <summary>Computes on elements of <typeparamref name="T"/>.</summary>
    Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>Finds the CLR type for an element type.</summary>
internal static class NumericTypes
{
    /// <summary>Runs a kernel on an element type; 4-bit integers are bytes.</summary>
    /// <exception cref="ModelException">The type is none of numbers.</exception>
    public static Tensor Run<TKernel>(ElementType type, TKernel kernel) where TKernel : INumericKernel => type switch
    {
        ElementType.Float32 => kernel.Run<float>(),
        ElementType.Float64 => kernel.Run<double>(),
        ElementType.Float16 => kernel.Run<Half>(),
        ElementType.Int8 or ElementType.Int4 => kernel.Run<sbyte>(),
        ElementType.Int16 => kernel.Run<short>(),
        ElementType.Int32 => kernel.Run<int>(),
        ElementType.Int64 => kernel.Run<long>(),
        ElementType.UInt8 or ElementType.UInt4 => kernel.Run<byte>(),
        ElementType.UInt16 => kernel.Run<ushort>(),
        ElementType.UInt32 => kernel.Run<uint>(),
        ElementType.UInt64 => kernel.Run<ulong>(),
        _ => throw new ModelException($"inputs of {type} are not numbers to compute with"),
    };
}
