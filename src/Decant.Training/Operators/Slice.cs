using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Slice
{
    private static readonly TorchOp SliceOp = new("aten::slice.Tensor");

    public static TorchTensor Run(TorchInputs x)
    {
        TorchTensor result = x[0];
        var ranges = Op.Slice.Ranges(Shapes.Of(x[0]), x.Integers(1)!, x.Integers(2)!, x.Integers(3), x.Integers(4));
        foreach (var (axis, start, step, count) in ranges)
            result = step > 0 && count > 0
                ? SliceOp.Call(result, axis, start, start + (count - 1L) * step + 1, step)
                : result.IndexSelect(axis, TorchTensor.From<long>([.. Enumerable.Range(0, count).Select(i => start + (long)i * step)], count));
        return result;
    }
}
