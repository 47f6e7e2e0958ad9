using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Pad
{
    public static TorchKernel Make(Op.Pad op) => op.Mode == "constant" ? Constant : x => Mirrored(op.Mode, x);

    private static TorchTensor Constant(TorchInputs x)
    {
        var (before, after) = Op.Pad.Amounts(Shapes.Of(x[0]), x.Integers(1)!, x.Integers(3));
        long[] amounts = WindowOnTorch.PadAmounts(Array.ConvertAll(before, b => (long)b), Array.ConvertAll(after, a => (long)a));
        return x[0].ConstantPad(amounts, x.Optional(2) is { ElementCount: 1 } value ? value.ToDouble() : 0);
    }

    private static TorchTensor Mirrored(string mode, TorchInputs x)
    {
        Shape shape = Shapes.Of(x[0]);
        var (before, after) = Op.Pad.Amounts(shape, x.Integers(1)!, x.Integers(3));
        TorchTensor result = x[0];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (before[axis] == 0 && after[axis] == 0) continue;
            long[] index = [.. Enumerable.Range(-before[axis], shape[axis] + before[axis] + after[axis]).Select(i => Source(mode, i, shape[axis]))];
            result = result.IndexSelect(axis, TorchTensor.From<long>(index, index.Length));
        }
        return result;
    }

    private static long Source(string mode, int i, int extent) => mode switch
    {
        "edge" => Math.Clamp(i, 0, extent - 1),
        "wrap" => (i % extent + extent) % extent,
        "reflect" => Reflect(i, Math.Max(1, 2 * (extent - 1))),
        _ => throw new ModelException($"Pad mode '{mode}' is not known; there are constant, reflect, edge, wrap"),
    };

    private static long Reflect(int i, int period)
    {
        int place = (i % period + period) % period;
        return Math.Min(place, period - place);
    }
}
