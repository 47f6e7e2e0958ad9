using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class GatherND
{
    private static readonly TorchOp Multiply = new("aten::mul.Scalar");

    /// <summary>Axes that both share and those that are indexed become one axis, and the places in them one number.</summary>
    public static TorchKernel Make(Op.GatherND op) => x =>
    {
        long[] data = x[0].Shape, result = Shapes.Sizes(op.Infer(x.Known())[0]!.Shape!.Value);
        int batch = (int)op.BatchDims, taken = (int)x[1].Size(x[1].Rank - 1);
        long shared = data[..batch].Aggregate(1L, (n, d) => n * d), indexed = data[batch..(batch + taken)].Aggregate(1L, (n, d) => n * d);
        TorchTensor indices = x[1].Reshape(shared, -1, taken), place = Ops.Arange(0, shared).Reshape(shared, 1);
        for (int k = 0; k < taken; k++) place = Multiply.Call(place, data[batch + k]).Add(indices.Select(2, k).FromStart(data[batch + k]));
        return x[0].Reshape([shared * indexed, .. data[(batch + taken)..]]).IndexSelect(0, place.Reshape(-1)).Reshape(result);
    };
}
