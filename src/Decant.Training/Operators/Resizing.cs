using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Resize
{
    /// <summary>Each axis times a matrix; nearest picks, so that it does for every type.</summary>
    public static TorchKernel Make(Op.Resize op) =>
        x =>
        {
            TorchTensor result = x[0];
            Core.Shape shape = Shapes.Of(x[0]);
            List<(int Axis, bool[] Outside)> outside = [];
            foreach (Op.ResizeAxis axis in op.Axes(shape, x.Known(1, 2, 3)))
            {
                Op.ResampleTable table = op.Sampling.Table(axis);
                if (table.Outside.Contains(true))
                    outside.Add((axis.Axis, table.Outside));
                if (table.IsIdentity)
                    continue;
                result =
                    op.Sampling.Mode == "nearest"
                        ? result.IndexSelect(
                            axis.Axis,
                            TorchTensor.From<long>(
                                Array.ConvertAll(table.Indices.ToArray(), i => (long)i),
                                table.Output
                            )
                        )
                        : Sampled(result, axis.Axis, table);
            }
            foreach (var (axis, mask) in outside)
            {
                var sizes = new long[shape.Rank];
                Array.Fill(sizes, 1);
                sizes[axis] = mask.Length;
                result = result.MaskedFill(TorchTensor.From<bool>(mask, sizes), op.Extrapolation);
            }
            return result;
        };

    private static TorchTensor Sampled(TorchTensor x, int axis, Op.ResampleTable table)
    {
        TorchTensor matrix = TorchTensor.From<float>(table.Dense(), table.Output, table.Input).To(x.Type);
        return x.Transpose(axis, -1).MatMul(matrix.Transpose(0, 1)).Transpose(axis, -1);
    }
}

/// <summary>Operators of any number of inputs as one of two, from the first input on.</summary>
internal static class VariadicFold
{
    public static TorchTensor Fold(this TorchInputs x, Func<TorchTensor, TorchTensor, TorchTensor> combine)
    {
        TorchTensor result = x[0];
        for (int i = 1; i < x.Count; i++)
            result = combine(result, x[i]);
        return result;
    }
}
