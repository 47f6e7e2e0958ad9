using System.Numerics;
using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Where on every element type.</summary>
internal static class Where
{
    public static Tensor Run(Operators.Where op, Tensor?[] inputs, KernelContext context)
    {
        Tensor condition = inputs[0]!, x = inputs[1]!, y = inputs[2]!;
        if (condition.Type != ElementType.Bool) throw new ModelException($"a condition of {condition}; it must be Bool");
        if (x.Type != y.Type) throw new ModelException($"inputs of {x} and {y} differ in element type; they must agree");
        Tensor result = Tensor.Zeros(x.Type, context.Output);
        switch (x.Type.Size())
        {
            case 1: Choose<byte>(condition, x, y, result, context); break;
            case 2: Choose<ushort>(condition, x, y, result, context); break;
            case 4: Choose<uint>(condition, x, y, result, context); break;
            default: Choose<ulong>(condition, x, y, result, context); break;
        }
        return result;
    }

    private static void Choose<T>(Tensor condition, Tensor x, Tensor y, Tensor result, KernelContext context)
        where T : unmanaged, IBinaryInteger<T>
    {
        var loops = new BroadcastLoops(result.Shape, condition.Shape, x.Shape, y.Shape);
        loops.Run(new Row<T>(condition, x, y, result, (loops.Step(0), loops.Step(1), loops.Step(2))), context.Threads);
    }

    private readonly struct Row<T>(Tensor condition, Tensor x, Tensor y, Tensor z, (int C, int X, int Y) steps) : IRowKernel
        where T : unmanaged, IBinaryInteger<T>
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            ReadOnlySpan<byte> c = condition.Bytes()[at[0]..];
            ReadOnlySpan<T> a = MemoryMarshal.Cast<byte, T>(x.Bytes())[at[1]..], b = MemoryMarshal.Cast<byte, T>(y.Bytes())[at[2]..];
            Span<T> d = MemoryMarshal.Cast<byte, T>(z.Bytes()).Slice(to, count);
            for (int k = 0; k < d.Length; k++)
            {
                // All bits or none: a branch on data would often be guessed wrong.
                T mask = unchecked(T.Zero - T.CreateTruncating(Math.Min(c[k * steps.C], (byte)1)));
                d[k] = (a[k * steps.X] & mask) | (b[k * steps.Y] & ~mask);
            }
        }
    }
}
