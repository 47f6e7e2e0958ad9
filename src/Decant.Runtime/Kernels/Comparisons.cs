using System.Numerics;
using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>Whether something holds of two numbers.</summary>
internal interface IComparison
{
    static abstract bool Holds<T>(T x, T y)
        where T : unmanaged, INumber<T>;
}

/// <summary>Element-wise comparisons of two tensors of numbers, broadcast.</summary>
internal static class Comparing
{
    public static Tensor Run<TOp>(Tensor?[] inputs, KernelContext context)
        where TOp : IComparison =>
        inputs[0]!.Type == inputs[1]!.Type
            ? NumericTypes.Run(inputs[0]!.Type, new Pair<TOp>(inputs[0]!, inputs[1]!, context))
            : throw new ModelException(
                $"inputs of {inputs[0]} and {inputs[1]} differ in element type; they must agree"
            );

    private readonly record struct Pair<TOp>(Tensor A, Tensor B, KernelContext Context) : INumericKernel
        where TOp : IComparison
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(ElementType.Bool, Context.Output);
            var loops = new BroadcastLoops(Context.Output, A.Shape, B.Shape);
            loops.Run(
                new Row<TOp, T>(A.Array<T>(), loops.Step(0), B.Array<T>(), loops.Step(1), result.Array<bool>()),
                Context.Threads
            );
            return result;
        }
    }

    private readonly struct Row<TOp, T>(T[] x, int xStep, T[] y, int yStep, bool[] z) : IRowKernel
        where TOp : IComparison
        where T : unmanaged, INumber<T>
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            ReadOnlySpan<T> a = x.AsSpan(at[0], xStep == 0 ? 1 : count),
                b = y.AsSpan(at[1], yStep == 0 ? 1 : count);
            Span<bool> c = z.AsSpan(to, count);
            for (int k = 0; k < c.Length; k++)
                c[k] = TOp.Holds(a[k * xStep], b[k * yStep]);
        }
    }
}

/// <summary>Computes ONNX Equal on every integer and floating-point type and bools.</summary>
internal readonly struct Equal : IComparison, ILogic
{
    public static Tensor Run(Operators.Equal op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type == ElementType.Bool ? Logic.Run<Equal>(inputs, context) : Comparing.Run<Equal>(inputs, context);

    public static bool Holds<T>(T x, T y)
        where T : unmanaged, INumber<T> => x == y;

    public static bool Apply(bool x, bool y) => x == y;
}

/// <summary>Computes ONNX Greater on every integer and floating-point type.</summary>
internal readonly struct Greater : IComparison
{
    public static Tensor Run(Operators.Greater op, Tensor?[] inputs, KernelContext context) =>
        Comparing.Run<Greater>(inputs, context);

    public static bool Holds<T>(T x, T y)
        where T : unmanaged, INumber<T> => x > y;
}

/// <summary>Computes ONNX GreaterOrEqual on every integer and floating-point type.</summary>
internal readonly struct GreaterOrEqual : IComparison
{
    public static Tensor Run(Operators.GreaterOrEqual op, Tensor?[] inputs, KernelContext context) =>
        Comparing.Run<GreaterOrEqual>(inputs, context);

    public static bool Holds<T>(T x, T y)
        where T : unmanaged, INumber<T> => x >= y;
}

/// <summary>Computes ONNX Less on every integer and floating-point type.</summary>
internal readonly struct Less : IComparison
{
    public static Tensor Run(Operators.Less op, Tensor?[] inputs, KernelContext context) =>
        Comparing.Run<Less>(inputs, context);

    public static bool Holds<T>(T x, T y)
        where T : unmanaged, INumber<T> => x < y;
}

/// <summary>Computes ONNX LessOrEqual on every integer and floating-point type.</summary>
internal readonly struct LessOrEqual : IComparison
{
    public static Tensor Run(Operators.LessOrEqual op, Tensor?[] inputs, KernelContext context) =>
        Comparing.Run<LessOrEqual>(inputs, context);

    public static bool Holds<T>(T x, T y)
        where T : unmanaged, INumber<T> => x <= y;
}

/// <summary>A logical operation.</summary>
internal interface ILogic
{
    static abstract bool Apply(bool x, bool y);
}

/// <summary>Element-wise logical operations of two tensors of bools, broadcast.</summary>
internal static class Logic
{
    public static Tensor Run<TOp>(Tensor?[] inputs, KernelContext context)
        where TOp : ILogic
    {
        Tensor a = inputs[0]!,
            b = inputs[1]!,
            result = Tensor.Zeros(ElementType.Bool, context.Output);
        if (a.Type != ElementType.Bool || b.Type != ElementType.Bool)
            throw new ModelException($"inputs of {a} and {b}; they must be Bool");
        var loops = new BroadcastLoops(context.Output, a.Shape, b.Shape);
        loops.Run(
            new Row<TOp>(a.Array<bool>(), loops.Step(0), b.Array<bool>(), loops.Step(1), result.Array<bool>()),
            context.Threads
        );
        return result;
    }

    private readonly struct Row<TOp>(bool[] x, int xStep, bool[] y, int yStep, bool[] z) : IRowKernel
        where TOp : ILogic
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            for (int k = 0; k < count; k++)
                z[to + k] = TOp.Apply(x[at[0] + k * xStep], y[at[1] + k * yStep]);
        }
    }
}

/// <summary>Computes ONNX And.</summary>
internal readonly struct And : ILogic
{
    public static Tensor Run(Operators.And op, Tensor?[] inputs, KernelContext context) =>
        Logic.Run<And>(inputs, context);

    public static bool Apply(bool x, bool y) => x & y;
}

/// <summary>Computes ONNX Or.</summary>
internal readonly struct Or : ILogic
{
    public static Tensor Run(Operators.Or op, Tensor?[] inputs, KernelContext context) =>
        Logic.Run<Or>(inputs, context);

    public static bool Apply(bool x, bool y) => x | y;
}

/// <summary>Computes ONNX Xor.</summary>
internal readonly struct Xor : ILogic
{
    public static Tensor Run(Operators.Xor op, Tensor?[] inputs, KernelContext context) =>
        Logic.Run<Xor>(inputs, context);

    public static bool Apply(bool x, bool y) => x ^ y;
}

/// <summary>Computes ONNX Not.</summary>
internal static class Not
{
    public static Tensor Run(Operators.Not op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Tensor.Zeros(ElementType.Bool, context.Output);
        ReadOnlySpan<bool> x = inputs[0]!.Span<bool>();
        Span<bool> y = result.Span<bool>();
        for (int i = 0; i < y.Length; i++)
            y[i] = !x[i];
        return result;
    }
}

/// <summary>Computes ONNX Where on every element type.</summary>
internal static class Where
{
    public static Tensor Run(Operators.Where op, Tensor?[] inputs, KernelContext context)
    {
        Tensor condition = inputs[0]!,
            x = inputs[1]!,
            y = inputs[2]!;
        if (condition.Type != ElementType.Bool)
            throw new ModelException($"a condition of {condition}; it must be Bool");
        if (x.Type != y.Type)
            throw new ModelException($"inputs of {x} and {y} differ in element type; they must agree");
        Tensor result = Tensor.Zeros(x.Type, context.Output);
        switch (x.Type.Size())
        {
            case 1:
                Choose<byte>(condition, x, y, result, context);
                break;
            case 2:
                Choose<ushort>(condition, x, y, result, context);
                break;
            case 4:
                Choose<uint>(condition, x, y, result, context);
                break;
            default:
                Choose<ulong>(condition, x, y, result, context);
                break;
        }
        return result;
    }

    private static void Choose<T>(Tensor condition, Tensor x, Tensor y, Tensor result, KernelContext context)
        where T : unmanaged, IBinaryInteger<T>
    {
        var loops = new BroadcastLoops(result.Shape, condition.Shape, x.Shape, y.Shape);
        loops.Run(new Row<T>(condition, x, y, result, (loops.Step(0), loops.Step(1), loops.Step(2))), context.Threads);
    }

    private readonly struct Row<T>(Tensor condition, Tensor x, Tensor y, Tensor z, (int C, int X, int Y) steps)
        : IRowKernel
        where T : unmanaged, IBinaryInteger<T>
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            ReadOnlySpan<byte> c = condition.Bytes()[at[0]..];
            ReadOnlySpan<T> a = MemoryMarshal.Cast<byte, T>(x.Bytes())[at[1]..],
                b = MemoryMarshal.Cast<byte, T>(y.Bytes())[at[2]..];
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
