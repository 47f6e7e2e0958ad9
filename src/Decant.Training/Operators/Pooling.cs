using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class AveragePool
{
    public static TorchKernel Make(Op.AveragePool op)
    {
        long[] kernel = [.. op.Window.Kernel.Select(k => (long)k)];
        var fit = new WindowFit(op.Window);
        return x => Run(op, fit.On(x[0], kernel), x[0]);
    }

    /// <summary>
    /// Sums over windows, divided by how many places count: both are convolutions with ones, channel by channel.
    /// </summary>
    private static TorchTensor Run(Op.AveragePool op, WindowOnTorch w, TorchTensor x)
    {
        long[] sizes = x.Shape,
            outside = [.. w.After.Select((_, i) => w.Excess(i, sizes[i + 2]))];
        long[] inner = WindowOnTorch.PadAmounts(w.Before, w.After),
            outer = WindowOnTorch.PadAmounts(new long[outside.Length], outside);
        TorchTensor planes = x.Reshape([sizes[0] * sizes[1], 1, .. sizes[2..]]),
            counted = Ops.Ones([1, 1, .. sizes[2..]]);
        TorchTensor sums = w.Sum(planes.ConstantPad(inner).ConstantPad(outer));
        TorchTensor places = counted.ConstantPad(inner, op.CountIncludePad ? 1 : 0).ConstantPad(outer);
        return sums.Div(w.Sum(places)).Reshape([sizes[0], sizes[1], .. w.Output]);
    }
}

internal static class MaxPool
{
    private static readonly TorchOp[] Pools =
    [
        new("aten::max_pool1d"),
        new("aten::max_pool2d"),
        new("aten::max_pool3d"),
    ];
    private static readonly TorchOp FloorDivide = new("aten::div.Scalar_mode");
    private static readonly TorchOp WithIndices2d = new("aten::max_pool2d_with_indices");
    private static readonly TorchOp WithIndices3d = new("aten::max_pool3d_with_indices");

    public static TorchKernel Make(Op.MaxPool op)
    {
        long[] kernel = [.. op.Window.Kernel.Select(k => (long)k)];
        if (kernel.Length is < 1 or > 3)
            throw new ModelException($"MaxPool over {kernel.Length} axes cannot be trained; 1 to 3 can");
        var fit = new WindowFit(op.Window);
        bool byColumns = op.Attributes.Flag("storage_order");
        return x =>
        {
            TorchTensor input = x[0].Type is TorchType.Float32 or TorchType.Float64 ? x[0] : x[0].To(TorchType.Float32);
            WindowOnTorch window = fit.On(input, kernel);
            TorchTensor result = x.Wants(1) ? RunWithIndices(window, input, x, byColumns) : Run(window, input);
            return input == x[0] ? result : result.To(x[0].Type);
        };
    }

    private static TorchTensor Run(WindowOnTorch w, TorchTensor x)
    {
        TorchOp pool = Pools[w.Kernel.Length - 1];
        return IsDirect(w, x)
            ? pool.Call(x, w.Kernel, w.Stride, w.Before, w.Dilation, false)
            : pool.Call(Padded(w, x), w.Kernel, w.Stride, w.None, w.Dilation, false);
    }

    private static TorchTensor Padded(WindowOnTorch w, TorchTensor x)
    {
        long[] after = [.. w.After.Select((a, i) => a + w.Excess(i, x.Size(i + 2)))];
        return x.ConstantPad(WindowOnTorch.PadAmounts(w.Before, after), double.NegativeInfinity);
    }

    /// <summary>
    /// ONNX numbers the places of a whole tensor, libtorch those of a padded plane. Doubles hold these numbers exactly.
    /// </summary>
    private static TorchTensor RunWithIndices(WindowOnTorch w, TorchTensor x, TorchInputs outputs, bool byColumns)
    {
        int rank = w.Kernel.Length;
        TorchTensor padded = Padded(w, x);
        long[] sizes = x.Shape,
            spatial = padded.Shape[2..];
        // One axis goes as two, the first of extent 1.
        TorchTensor?[] both =
            rank == 1
                ? WithIndices2d.CallMany(
                    padded.Unsqueeze(2),
                    new long[] { 1, w.Kernel[0] },
                    new long[] { 1, w.Stride[0] },
                    new long[2],
                    new long[] { 1, w.Dilation[0] },
                    false
                )
                : (rank == 2 ? WithIndices2d : WithIndices3d).CallMany(
                    padded,
                    w.Kernel,
                    w.Stride,
                    w.None,
                    w.Dilation,
                    false
                );
        long[] result = [.. sizes[..2], .. w.Output];
        TorchTensor rest = both[1]!.To(TorchType.Float64).Reshape(result),
            planes = Ops.Arange(0, sizes[0] * sizes[1])
                .To(TorchType.Float64)
                .Reshape([sizes[0], sizes[1], .. w.Output.Select(_ => 1L)]);
        var at = new TorchTensor[rank];
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            TorchTensor above = FloorDivide.Call(rest, spatial[axis], "floor");
            at[axis] = rest.Sub(above.Mul(spatial[axis])).Sub(w.Before[axis]);
            rest = above;
        }
        TorchTensor place = planes;
        foreach (int axis in byColumns ? Enumerable.Range(0, rank).Reverse() : Enumerable.Range(0, rank))
            place = place.Mul(sizes[axis + 2]).Add(at[axis]);
        outputs.SetOutput(1, place.To(TorchType.Int64));
        return both[0]!.Reshape(result);
    }

    /// <summary>Whether libtorch's own padding does.</summary>
    private static bool IsDirect(WindowOnTorch w, TorchTensor x)
    {
        bool direct = w.IsSymmetric;
        for (int i = 0; i < w.Kernel.Length; i++)
            direct &= w.Before[i] <= w.Kernel[i] / 2 && w.Excess(i, x.Size(i + 2)) <= 0;
        return direct;
    }
}

internal static class LpPool
{
    public static TorchKernel Make(Op.LpPool op)
    {
        long[] kernel = [.. op.Window.Kernel.Select(k => (long)k)];
        var fit = new WindowFit(op.Window);
        return x =>
        {
            WindowOnTorch w = fit.On(x[0], kernel);
            long[] sizes = x[0].Shape,
                after = [.. w.After.Select((a, i) => a + w.Excess(i, sizes[i + 2]))];
            TorchTensor planes = x[0].Abs().Pow(op.Power).Reshape([sizes[0] * sizes[1], 1, .. sizes[2..]]);
            return w.Sum(planes.ConstantPad(WindowOnTorch.PadAmounts(w.Before, after)))
                .Pow(1.0 / op.Power)
                .Reshape([sizes[0], sizes[1], .. w.Output]);
        };
    }
}

internal static class GlobalAveragePool
{
    public static TorchTensor Run(TorchInputs x)
    {
        var axes = new long[x[0].Rank - 2];
        for (int i = 0; i < axes.Length; i++)
            axes[i] = i + 2;
        return x[0].Mean(axes, keep: true);
    }
}

internal static class GlobalMaxPool
{
    public static TorchTensor Run(TorchInputs x) =>
        x[0].Max([.. Enumerable.Range(2, x[0].Rank - 2).Select(i => (long)i)], keep: true);
}
