using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Indices
{
    private static readonly TorchOp AddInteger = new("aten::add.Scalar");

    /// <summary>
    /// Indices from the end counted from the start, as int64; those outside stay so, and libtorch refuses them.
    /// </summary>
    public static TorchTensor FromStart(this TorchTensor indices, long extent)
    {
        TorchTensor whole = indices.To(TorchType.Int64);
        return whole.Lt(0).Where(AddInteger.Call(whole, extent), whole);
    }
}

internal static class Gather
{
    public static TorchKernel Make(Op.Gather op) =>
        x =>
        {
            long[] sizes = x[0].Shape,
                indices = x[1].Shape;
            int axis = Shapes.Of(x[0]).Axis(op.Axis);
            return x[0]
                .IndexSelect(axis, x[1].FromStart(sizes[axis]).Reshape(-1))
                .Reshape([.. sizes[..axis], .. indices, .. sizes[(axis + 1)..]]);
        };
}

internal static class GatherElements
{
    public static TorchKernel Make(Op.GatherElements op) =>
        x =>
        {
            int axis = Shapes.Of(x[0]).Axis(op.Axis);
            return x[0].Gather(axis, x[1].FromStart(x[0].Size(axis)));
        };
}

internal static class GatherND
{
    private static readonly TorchOp Multiply = new("aten::mul.Scalar");

    /// <summary>
    /// Axes that both share and those that are indexed become one axis, and the places in them one number.
    /// </summary>
    public static TorchKernel Make(Op.GatherND op) =>
        x =>
        {
            long[] data = x[0].Shape,
                result = Shapes.Sizes(op.Infer(x.Known())[0]!.Shape!.Value);
            int batch = (int)op.BatchDims,
                taken = (int)x[1].Size(x[1].Rank - 1);
            long shared = data[..batch].Aggregate(1L, (n, d) => n * d),
                indexed = data[batch..(batch + taken)].Aggregate(1L, (n, d) => n * d);
            CheckPlaces(x.Integers(1)!, data.AsSpan(batch, taken));
            TorchTensor indices = x[1].Reshape(shared, -1, taken),
                place = Ops.Arange(0, shared).Reshape(shared, 1);
            for (int k = 0; k < taken; k++)
                place = Multiply.Call(place, data[batch + k]).Add(indices.Select(2, k).FromStart(data[batch + k]));
            return x[0]
                .Reshape([shared * indexed, .. data[(batch + taken)..]])
                .IndexSelect(0, place.Reshape(-1))
                .Reshape(result);
        };

    /// <summary>In one number for all axes, a place beyond one axis would be a place along another.</summary>
    private static void CheckPlaces(ReadOnlySpan<long> places, ReadOnlySpan<long> extents)
    {
        for (int i = 0; i < places.Length; i++)
        {
            long extent = extents[i % extents.Length];
            if (places[i] < -extent || places[i] >= extent)
                throw new ModelException($"index {places[i]} is outside an axis of {extent}");
        }
    }
}

internal static class ScatterElements
{
    private static readonly TorchOp Reduce = new("aten::scatter_reduce.two");

    public static TorchKernel Make(Op.ScatterElements op) =>
        x =>
        {
            int axis = Shapes.Of(x[0]).Axis(op.Axis);
            TorchTensor places = x[1].FromStart(x[0].Size(axis));
            return op.Reduction switch
            {
                "none" => x[0].Scatter(axis, places, x[2]),
                "add" => x[0].ScatterAdd(axis, places, x[2]),
                "mul" => Reduce.Call(x[0], axis, places, x[2], "prod", true),
                var extreme => Reduce.Call(x[0], axis, places, x[2], extreme == "max" ? "amax" : "amin", true),
            };
        };
}

internal static class OneHot
{
    public static TorchKernel Make(Op.OneHot op) =>
        x =>
        {
            Core.Shape indices = Shapes.Of(x[0]),
                result = op.Infer(x.Known(1))[0]!.Shape!.Value;
            int axis = op.Axis(indices),
                depth = result[axis];
            var along = new long[result.Rank];
            Array.Fill(along, 1);
            along[axis] = depth;
            TorchTensor on = x[0].FromStart(depth).Unsqueeze(axis).Eq(Ops.Arange(0, depth).Reshape(along));
            return on.Where(x[2].Select(0, 1), x[2].Select(0, 0));
        };
}

internal static class NonZero
{
    private static readonly TorchOp Places = new("aten::nonzero");

    public static TorchTensor Run(TorchInputs x) => Places.Call(x[0]).Transpose(0, 1);
}

internal static class TopK
{
    private static readonly TorchOp Sort = new("aten::sort.stable");

    /// <summary>Sorted whole: libtorch's own topk says nothing of the order of equal numbers.</summary>
    public static TorchKernel Make(Op.TopK op) =>
        x =>
        {
            int axis = Shapes.Of(x[0]).Axis(op.Axis);
            long k = op.Infer(x.Known(1))[0]!.Shape!.Value[axis];
            TorchTensor?[] sorted = Sort.CallMany(x[0], true, axis, op.Largest);
            if (x.Wants(1))
                x.SetOutput(1, sorted[1]!.Slice(axis, 0, k));
            return sorted[0]!.Slice(axis, 0, k);
        };
}
