using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>Softmax or LogSoftmax along one axis of a value in ONNX's order.</summary>
internal sealed unsafe class Softmax : Stage
{
    private readonly RowLayer layer;
    private readonly int step, rowsAPiece;
    private readonly bool log;
    private readonly delegate*<float*, float*, int, int, bool, void> method;

    /// <summary>Makes the stage.</summary>
    /// <param name="layer">The axis and those behind it are a row.</param>
    /// <param name="step">Numbers of the axes behind.</param>
    /// <param name="log">Whether the logarithm is taken.</param>
    /// <param name="width">How wide vectors are.</param>
    /// <param name="threads">How many threads share the work.</param>
    public Softmax(RowLayer layer, int step, bool log, VectorWidth width, int threads)
    {
        (this.layer, this.step, this.log) = (layer, step, log);
        method = width switch
        {
            VectorWidth.V512 => &SoftmaxRow<Vector512<float>, Simd512>.Run,
            VectorWidth.V256 => &SoftmaxRow<Vector256<float>, Simd256>.Run,
            VectorWidth.V128 => &SoftmaxRow<Vector128<float>, Simd128>.Run,
            _ => &SoftmaxRow<float, SimdScalar>.Run,
        };
        rowsAPiece = Share.Grain(layer.Rows, (long)layer.Rows * layer.Count * 4, threads);
        Pieces = (layer.Rows + rowsAPiece - 1) / rowsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch)
    {
        int end = Math.Min(layer.Rows, (piece + 1) * rowsAPiece);
        for (int i = piece * rowsAPiece; i < end; i++)
            method(layer.Input.Address + (nint)i * layer.Count, layer.Output.Address + (nint)i * layer.Count, layer.Count, step, log);
    }
}
