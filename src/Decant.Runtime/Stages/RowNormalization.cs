using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>Rows brought to mean 0 and variance 1, or only to mean square 1, then scaled and shifted.</summary>
internal sealed unsafe class RowNormalization : Stage
{
    private readonly RowLayer layer;
    private readonly Operand scale;
    private readonly Operand? shift;
    private readonly NormalizedRow formula;
    private readonly int period,
        rowsAPiece;
    private readonly delegate* <float*, float*, float*, float*, ref NormalizedRow, void> method;

    /// <summary>Makes the stage.</summary>
    /// <param name="layer">The rows.</param>
    /// <param name="scale">A factor for each number of a row, or for each run of <see cref="NormalizedRow.Run"/>
    /// numbers.</param>
    /// <param name="shift">What is added, likewise; null for nothing.</param>
    /// <param name="formula">How a row is computed.</param>
    /// <param name="period">After how many rows factors repeat.</param>
    /// <param name="width">How wide vectors are.</param>
    /// <param name="threads">How many threads there are.</param>
    public RowNormalization(
        RowLayer layer,
        Operand scale,
        Operand? shift,
        NormalizedRow formula,
        int period,
        VectorWidth width,
        int threads
    )
    {
        (this.layer, this.scale, this.shift, this.formula, this.period) = (layer, scale, shift, formula, period);
        method = width switch
        {
            VectorWidth.V512 => &RowNormalizer<Vector512<float>, Simd512>.Run,
            VectorWidth.V256 => &RowNormalizer<Vector256<float>, Simd256>.Run,
            VectorWidth.V128 => &RowNormalizer<Vector128<float>, Simd128>.Run,
            _ => &RowNormalizer<float, SimdScalar>.Run,
        };
        rowsAPiece = WorkPartition.Grain(layer.Rows, (long)layer.Rows * layer.Count, threads);
        Pieces = (layer.Rows + rowsAPiece - 1) / rowsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers
    {
        get
        {
            IEnumerable<Operand> read = shift is null ? [scale] : [scale, shift];
            return read.Where(o => o.Traversal is not null)
                .Select(o => o.Traversal!.Buffer)
                .Append(layer.Input)
                .Append(layer.Output);
        }
    }

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        NormalizedRow row = formula;
        int end = Math.Min(layer.Rows, (piece + 1) * rowsAPiece);
        for (int i = piece * rowsAPiece; i < end; i++)
        {
            int at = i % period * (layer.Count / formula.Run);
            method(
                layer.Input.Address + (nint)i * layer.Count,
                layer.Output.Address + (nint)i * layer.Count,
                scale.Row(0) + at,
                shift is null ? null : shift.Row(0) + at,
                ref row
            );
        }
    }
}

/// <summary>How a row is normalized.</summary>
/// <param name="Count">Numbers in the row.</param>
/// <param name="Run">How many neighbours share a factor.</param>
/// <param name="Centered">Whether the mean is taken off.</param>
/// <param name="Epsilon">Added to the mean square.</param>
internal readonly record struct NormalizedRow(int Count, int Run, bool Centered, float Epsilon);

/// <summary>A layer that computes each row of a value in ONNX's order from that row.</summary>
/// <param name="Input">The value.</param>
/// <param name="Output">The result, of the same size.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Count">Numbers in a row.</param>
internal sealed record RowLayer(PlanBuffer Input, PlanBuffer Output, int Rows, int Count);

/// <summary>
/// What an element-wise method computes a row from: y = f(a, b, c, p, q); p and q are the same for all numbers.
/// </summary>
internal unsafe struct RowArguments
{
    public float* A,
        B,
        C,
        Y;
    public int Count;
    public float P,
        Q;
}
