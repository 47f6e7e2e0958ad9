using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>An element-wise layer: rows of one to three values, or of constants that repeat in every row.</summary>
internal sealed unsafe class Elementwise : Stage
{
    private readonly RowTraversal y;
    private readonly Operand[] operands;
    private readonly float p,
        q;
    private readonly int rowsAPiece;
    private readonly delegate* <ref RowArguments, void> method;

    private Elementwise(
        RowTraversal y,
        Operand[] operands,
        float p,
        float q,
        delegate* <ref RowArguments, void> method,
        int threads
    )
    {
        (this.y, this.operands, this.p, this.q) = (y, operands, p, q);
        this.method = method;
        rowsAPiece = WorkPartition.Grain(y.Rows, (long)y.Rows * y.RowLength, threads);
        Pieces = (y.Rows + rowsAPiece - 1) / rowsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers =>
        operands.Where(o => o.Traversal is not null).Select(o => o.Traversal!.Buffer).Append(y.Buffer);

    /// <summary>A layer y = F(a, b, c, p, q).</summary>
    public static Elementwise Of<F>(
        string name,
        string kernel,
        RowTraversal y,
        Operand[] operands,
        float p,
        float q,
        VectorWidth width,
        int threads
    )
        where F : struct, IElementwise =>
        new(y, operands, p, q, ElementwiseRow<F>.For(width), threads) { Name = name, Kernel = kernel };

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        var r = new RowArguments
        {
            Count = y.RowLength,
            P = p,
            Q = q,
        };
        int end = Math.Min(y.Rows, (piece + 1) * rowsAPiece);
        for (int i = piece * rowsAPiece; i < end; i++)
        {
            r.A = operands[0].Row(i);
            r.B = operands.Length > 1 ? operands[1].Row(i) : r.A;
            r.C = operands.Length > 2 ? operands[2].Row(i) : r.A;
            r.Y = y.Row(i);
            method(ref r);
        }
    }
}

/// <summary>An element-wise function, written once for every width.</summary>
internal interface IElementwise
{
    /// <summary>f(a, b, c, p, q).</summary>
    static abstract V Apply<V, S>(V a, V b, V c, V p, V q)
        where V : unmanaged
        where S : struct, ISimd<V>;
}

/// <summary>A row of an element-wise function: whole vectors, then the rest one by one.</summary>
internal static unsafe class ElementwiseRow<F>
    where F : struct, IElementwise
{
    /// <summary>The method of a width.</summary>
    public static delegate* <ref RowArguments, void> For(VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 => &Run<Vector512<float>, Simd512>,
            VectorWidth.V256 => &Run<Vector256<float>, Simd256>,
            VectorWidth.V128 => &Run<Vector128<float>, Simd128>,
            _ => &Run<float, SimdScalar>,
        };

    private static void Run<V, S>(ref RowArguments r)
        where V : unmanaged
        where S : struct, ISimd<V>
    {
        V p = S.Broadcast(r.P),
            q = S.Broadcast(r.Q);
        int i = 0;
        for (; i <= r.Count - S.Count; i += S.Count)
            S.Store(F.Apply<V, S>(S.Load(r.A + i), S.Load(r.B + i), S.Load(r.C + i), p, q), r.Y + i);
        for (; i < r.Count; i++)
            r.Y[i] = F.Apply<float, SimdScalar>(r.A[i], r.B[i], r.C[i], r.P, r.Q);
    }
}
