using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Concat
{
    public static TorchKernel Make(Op.Concat op) =>
        x =>
        {
            var parts = new TorchTensor[x.Count];
            for (int i = 0; i < parts.Length; i++)
                parts[i] = x[i];
            return Ops.Cat(parts, op.Axis);
        };
}

internal static class Split
{
    public static TorchKernel Make(Op.Split op) =>
        x =>
        {
            int axis = Shapes.Of(x[0]).Axis(op.Axis);
            TorchTensor[] parts = x[0]
                .Split(Array.ConvertAll(op.Sizes((int)x[0].Size(axis), x.Integers(1)), s => (long)s), axis);
            for (int i = 1; i < parts.Length && x.Wants(i); i++)
                x.SetOutput(i, parts[i]);
            return parts[0];
        };
}

internal static class Slice
{
    private static readonly TorchOp SliceOp = new("aten::slice.Tensor");

    public static TorchTensor Run(TorchInputs x)
    {
        TorchTensor result = x[0];
        var ranges = Op.Slice.Ranges(Shapes.Of(x[0]), x.Integers(1)!, x.Integers(2)!, x.Integers(3), x.Integers(4));
        foreach (var (axis, start, step, count) in ranges)
            result =
                step > 0 && count > 0
                    ? SliceOp.Call(result, axis, start, start + (count - 1L) * step + 1, step)
                    : result.IndexSelect(
                        axis,
                        TorchTensor.From<long>(
                            [.. Enumerable.Range(0, count).Select(i => start + (long)i * step)],
                            count
                        )
                    );
        return result;
    }
}

internal static class Pad
{
    public static TorchKernel Make(Op.Pad op) => op.Mode == "constant" ? Constant : x => Mirrored(op.Mode, x);

    private static TorchTensor Constant(TorchInputs x)
    {
        var (before, after) = Op.Pad.Amounts(Shapes.Of(x[0]), x.Integers(1)!, x.Integers(3));
        long[] amounts = WindowOnTorch.PadAmounts(
            Array.ConvertAll(before, b => (long)b),
            Array.ConvertAll(after, a => (long)a)
        );
        return x[0].ConstantPad(amounts, x.Optional(2) is { ElementCount: 1 } value ? value.ToDouble() : 0);
    }

    private static TorchTensor Mirrored(string mode, TorchInputs x)
    {
        Shape shape = Shapes.Of(x[0]);
        var (before, after) = Op.Pad.Amounts(shape, x.Integers(1)!, x.Integers(3));
        TorchTensor result = x[0];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (before[axis] == 0 && after[axis] == 0)
                continue;
            long[] index =
            [
                .. Enumerable
                    .Range(-before[axis], shape[axis] + before[axis] + after[axis])
                    .Select(i => Source(mode, i, shape[axis])),
            ];
            result = result.IndexSelect(axis, TorchTensor.From<long>(index, index.Length));
        }
        return result;
    }

    private static long Source(string mode, int i, int extent) =>
        mode switch
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

internal static class Tile
{
    private static readonly TorchOp Repeat = new("aten::repeat");

    public static TorchKernel Make(Op.Tile op) =>
        x =>
        {
            op.Infer(x.Known(1));
            return Repeat.Call(x[0], x.Integers(1));
        };
}

internal static class Trilu
{
    private static readonly TorchOp Upper = new("aten::triu"),
        Lower = new("aten::tril");

    public static TorchKernel Make(Op.Trilu op) =>
        x =>
            (op.Upper ? Upper : Lower).Call(
                x[0],
                Math.Clamp(Op.Trilu.Diagonal(x.Integers(1)), -int.MaxValue, int.MaxValue)
            );
}
