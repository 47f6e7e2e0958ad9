using System.Numerics;
using System.Runtime.CompilerServices;

namespace Decant.Runtime.Kernels;

/// <summary>A function of the bits of two numbers.</summary>
internal interface IBits
{
    static abstract ulong Apply(ulong x, ulong y);
}

/// <summary>Computes ONNX BitwiseAnd, BitwiseOr and BitwiseXor on every type of integers.</summary>
internal readonly struct Bitwise<TOp> : IBinaryArithmetic
    where TOp : IBits
{
    public static Tensor Run(Operators.BitwiseOperator op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Run<Bitwise<TOp>>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> =>
        Unsafe.SizeOf<T>() switch
        {
            1 => Unsafe.BitCast<byte, T>((byte)TOp.Apply(Unsafe.BitCast<T, byte>(x), Unsafe.BitCast<T, byte>(y))),
            2 => Unsafe.BitCast<ushort, T>(
                (ushort)TOp.Apply(Unsafe.BitCast<T, ushort>(x), Unsafe.BitCast<T, ushort>(y))
            ),
            4 => Unsafe.BitCast<uint, T>((uint)TOp.Apply(Unsafe.BitCast<T, uint>(x), Unsafe.BitCast<T, uint>(y))),
            _ => Unsafe.BitCast<ulong, T>(TOp.Apply(Unsafe.BitCast<T, ulong>(x), Unsafe.BitCast<T, ulong>(y))),
        };

    public static bool HasVector<T>() => false;
}

/// <summary>The bits that both have.</summary>
internal readonly struct BitsOfBoth : IBits
{
    public static ulong Apply(ulong x, ulong y) => x & y;
}

/// <summary>The bits that one of them has.</summary>
internal readonly struct BitsOfEither : IBits
{
    public static ulong Apply(ulong x, ulong y) => x | y;
}

/// <summary>The bits that one of them has alone.</summary>
internal readonly struct BitsOfOne : IBits
{
    public static ulong Apply(ulong x, ulong y) => x ^ y;
}
