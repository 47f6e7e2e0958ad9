using Decant.Runtime.Kernels;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>The element-wise functions that plans compute.</summary>
internal static class ElementwiseFunctions
{
    /// <summary>clamp(a + b, p, q).</summary>
    public readonly struct Add : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Add(a, b)));
    }

    /// <summary>clamp(a - b, p, q).</summary>
    public readonly struct Sub : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Subtract(a, b)));
    }

    /// <summary>clamp(a·b, p, q).</summary>
    public readonly struct Mul : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Multiply(a, b)));
    }

    /// <summary>clamp(a/b, p, q).</summary>
    public readonly struct Div : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.Divide(a, b)));
    }

    /// <summary>clamp(a·b + c, p, q).</summary>
    public readonly struct MultiplyAdd : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Min(q, S.Max(p, S.MultiplyAdd(a, b, c)));
    }

    /// <summary>clamp(a, p, q).</summary>
    public readonly struct Clamp : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.Min(q, S.Max(p, a));
    }

    /// <summary>a where it is positive, a·b where it is not.</summary>
    public readonly struct PRelu : IElementwise
    {
        public static V Apply<V, S>(V a, V b, V c, V p, V q)
            where V : unmanaged
            where S : struct, ISimd<V> => S.IfLess(a, S.Zero, S.Multiply(a, b), a);
    }
}

/// <summary>
/// An element-wise layer of two values in ONNX's order that are broadcast to a shape: along a run each goes on by one
/// or stands.
/// </summary>
internal sealed unsafe class BroadcastElementwise : Stage
{
    private const int Longest = 1024;
    private readonly PlanBuffer y;
    private readonly Operand[] operands;
    private readonly BroadcastLoops loops;
    private readonly float p,
        q;
    private readonly int linesAPiece;
    private readonly delegate* <ref RowArguments, void> method;

    private BroadcastElementwise(
        PlanBuffer y,
        Operand[] operands,
        BroadcastLoops loops,
        float p,
        float q,
        delegate* <ref RowArguments, void> method,
        int threads
    )
    {
        (this.y, this.operands, this.loops, this.p, this.q) = (y, operands, loops, p, q);
        this.method = method;
        linesAPiece = WorkPartition.Grain(loops.Lines, y.Count, threads);
        Pieces = (loops.Lines + linesAPiece - 1) / linesAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers =>
        operands.Where(o => o.Traversal is not null).Select(o => o.Traversal!.Buffer).Append(y);

    public override int Scratch => 2 * Longest;

    /// <summary>A layer y = F(a, b, p, q); each operand is one row.</summary>
    public static BroadcastElementwise Of<F>(
        string name,
        PlanBuffer y,
        Operand[] operands,
        BroadcastLoops loops,
        float p,
        float q,
        VectorWidth width,
        int threads
    )
        where F : struct, IElementwise =>
        new(y, operands, loops, p, q, ElementwiseRow<F>.For(width), threads)
        {
            Name = name,
            Kernel = "element-wise, broadcast",
        };

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        var r = new RowArguments { P = p, Q = q };
        int end = Math.Min(loops.Lines, (piece + 1) * linesAPiece);
        for (int line = piece * linesAPiece; line < end; line++)
        {
            float* a = operands[0].Row(0) + loops.Start(0, line),
                b = operands[1].Row(0) + loops.Start(1, line),
                to = y.Address + (nint)line * loops.Width;
            for (int i = 0; i < loops.Width; i += Longest)
            {
                r.Count = Math.Min(Longest, loops.Width - i);
                r.A = Stretch(a, loops.Step(0), i, r.Count, scratch);
                r.B = Stretch(b, loops.Step(1), i, r.Count, scratch + Longest);
                r.C = r.A;
                r.Y = to + i;
                method(ref r);
            }
        }
    }

    /// <summary>Where a run of numbers lies; a number that stands is repeated in the scratch.</summary>
    private static float* Stretch(float* from, int step, int at, int count, float* scratch)
    {
        if (step != 0)
            return from + at;
        new Span<float>(scratch, count).Fill(*from);
        return scratch;
    }
}
