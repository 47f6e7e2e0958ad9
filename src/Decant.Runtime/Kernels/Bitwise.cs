namespace Decant.Runtime.Kernels;

/// <summary>A function of the bits of two bytes.</summary>
internal interface IBits
{
    static abstract byte Apply(byte x, byte y);
}

/// <summary>
/// Computes ONNX BitwiseAnd, BitwiseOr and BitwiseXor on every type of integers: on their bytes, along a last axis.
/// </summary>
internal static class Bitwise
{
    public static Tensor Run<TOp>(Operators.BitwiseOperator op, Tensor?[] inputs, KernelContext context)
        where TOp : IBits
    {
        Tensor a = inputs[0]!,
            b = inputs[1]!;
        if (a.Type != b.Type)
            throw new ModelException($"inputs of {a} and {b} differ in element type; they must agree");
        Tensor result = Tensor.Zeros(a.Type, context.Output);
        int size = a.Type.Size();
        var loops = new BroadcastLoops(InBytes(result), InBytes(a), InBytes(b));
        loops.Run(new Row<TOp>(a, loops.Step(0), b, loops.Step(1), result), context.Threads);
        return result;

        Shape InBytes(Tensor tensor) => new([.. tensor.Shape.Dims, size]);
    }

    private readonly struct Row<TOp>(Tensor x, int xStep, Tensor y, int yStep, Tensor z) : IRowKernel
        where TOp : IBits
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            ReadOnlySpan<byte> a = x.Bytes()[at[0]..],
                b = y.Bytes()[at[1]..];
            Span<byte> c = z.Bytes().Slice(to, count);
            for (int k = 0; k < c.Length; k++)
                c[k] = TOp.Apply(a[k * xStep], b[k * yStep]);
        }
    }
}

/// <summary>The bits that both have.</summary>
internal readonly struct BitsOfBoth : IBits
{
    public static byte Apply(byte x, byte y) => (byte)(x & y);
}

/// <summary>The bits that one of them has.</summary>
internal readonly struct BitsOfEither : IBits
{
    public static byte Apply(byte x, byte y) => (byte)(x | y);
}

/// <summary>The bits that one of them has alone.</summary>
internal readonly struct BitsOfOne : IBits
{
    public static byte Apply(byte x, byte y) => (byte)(x ^ y);
}
