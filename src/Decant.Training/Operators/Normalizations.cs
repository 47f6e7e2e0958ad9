using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class BatchNormalization
{
    // ONNX's momentum is the share of the old statistics that stays, libtorch's the share of the new.
    public static TorchKernel Make(Op.BatchNormalization op) =>
        x =>
            op.TrainingMode
                ? Stated(op, x)
                : x[0]
                    .BatchNorm(Like(x, 1), Like(x, 2), Like(x, 3), Like(x, 4), x.Training, 1 - op.Momentum, op.Epsilon);

    /// <summary>A factor or statistic in the element type of the input; ONNX lets them differ.</summary>
    private static TorchTensor Like(TorchInputs x, int i) => x[i].Type == x[0].Type ? x[i] : x[i].To(x[0].Type);

    /// <summary>
    /// With the batch's statistics as ONNX states it: the running variance moves towards the biased one, and is an
    /// output.
    /// </summary>
    private static TorchTensor Stated(Op.BatchNormalization op, TorchInputs x)
    {
        long[] axes = [.. Enumerable.Range(0, x[0].Rank).Where(i => i != 1).Select(i => (long)i)];
        if (x.Wants(1))
            x.SetOutput(1, Moved(x[3], x[0].Mean(axes)));
        if (x.Wants(2))
            x.SetOutput(2, Moved(x[4], x[0].Variance(axes, unbiased: false)));
        return x[0].BatchNorm(Like(x, 1), Like(x, 2), null, null, training: true, 0, op.Epsilon);

        TorchTensor Moved(TorchTensor old, TorchTensor batch) =>
            old.Mul(op.Momentum).Add(batch.To(old.Type), 1 - op.Momentum);
    }
}

internal static class GroupNormalization
{
    private static readonly TorchOp GroupNorm = new("aten::group_norm");

    public static TorchKernel Make(Op.GroupNormalization op) => x => Run(x, op.Groups, op.Epsilon);

    public static TorchTensor Run(TorchInputs x, long groups, double epsilon) =>
        GroupNorm.Call(x[0], groups, x[1], x[2], epsilon, false);
}

internal static class InstanceNormalization
{
    public static TorchKernel Make(Op.InstanceNormalization op) =>
        x => GroupNormalization.Run(x, Math.Max(1, x[0].Size(1)), op.Epsilon);
}

internal static class LayerNormalization
{
    private static readonly TorchOp Normalize = new("aten::native_layer_norm");

    public static TorchKernel Make(Op.LayerNormalization op) =>
        x =>
        {
            int axis = Shapes.Of(x[0]).Axis(op.Axis);
            TorchTensor scaled = (x.Wants(1) ? Composed(x, axis, op.Epsilon) : Fused(x[0], axis, op.Epsilon)).Mul(x[1]);
            return x.Optional(2) is { } bias ? scaled.Add(bias) : scaled;
        };

    private static TorchTensor Fused(TorchTensor x, int axis, double epsilon) =>
        Normalize.CallMany(x, x.Shape[axis..], (TorchTensor?)null, (TorchTensor?)null, epsilon)[0]!;

    /// <summary>libtorch's own statistics stop gradients.</summary>
    private static TorchTensor Composed(TorchInputs x, int axis, double epsilon)
    {
        long[] axes = [.. Enumerable.Range(axis, x[0].Rank - axis).Select(i => (long)i)];
        TorchTensor mean = x[0].Mean(axes, keep: true),
            centered = x[0].Sub(mean);
        TorchTensor inverse = centered.Mul(centered).Mean(axes, keep: true).Add(epsilon).Rsqrt();
        x.SetOutput(1, mean);
        if (x.Wants(2))
            x.SetOutput(2, inverse);
        return centered.Mul(inverse);
    }
}

internal static class RMSNormalization
{
    public static TorchKernel Make(Op.RMSNormalization op) =>
        x =>
        {
            int axis = Shapes.Of(x[0]).Axis(op.Axis);
            long[] axes = [.. Enumerable.Range(axis, x[0].Rank - axis).Select(i => (long)i)];
            return x[0].Mul(x[0].Mul(x[0]).Mean(axes, keep: true).Add(op.Epsilon).Rsqrt()).Mul(x[1]);
        };
}

internal static class LRN
{
    private static readonly TorchOp Unfold = new("aten::unfold");

    public static TorchKernel Make(Op.LRN op) =>
        x =>
        {
            var padding = new long[2 * (x[0].Rank - 1)];
            (padding[^2], padding[^1]) = ((op.Size - 1) / 2, op.Size / 2);
            TorchTensor sums = Unfold.Call(x[0].Mul(x[0]).ConstantPad(padding), 1, op.Size, 1).Sum([-1]);
            return x[0].Div(sums.Mul(op.Alpha / op.Size).Add(op.Bias).Pow(op.Beta));
        };
}

internal static class Dropout
{
    /// <summary>In training drops at random; else only where training_mode and a seed say what.</summary>
    public static TorchKernel Make(Op.Dropout op) =>
        x =>
        {
            double ratio = x.Optional(1)?.ToDouble() ?? 0.5;
            if (!x.Training && ratio != 0 && x.Optional(2)?.ToInt64() == 1)
                return Seeded(op, x, ratio);
            if (!x.Wants(1))
                return x[0].Dropout(ratio, x.Training);
            TorchTensor kept = x.Training ? Ops.Full(x[0].Shape, 1 - ratio).Bernoulli() : Ops.Ones(x[0].Shape);
            return Keep(x, kept, x.Training ? ratio : 0);
        };

    private static TorchTensor Seeded(Op.Dropout op, TorchInputs x, double ratio)
    {
        Shape shape = Shapes.Of(x[0]);
        return Keep(x, Tensor.Of(shape, op.Kept(checked((int)shape.Count), ratio)).ToTorch(), ratio);
    }

    private static TorchTensor Keep(TorchInputs x, TorchTensor kept, double ratio)
    {
        if (x.Wants(1))
            x.SetOutput(1, kept.To(TorchType.Boolean));
        TorchTensor left = x[0].Mul(kept.To(x[0].Type));
        return ratio is > 0 and < 1 ? left.Div(1 - ratio) : left;
    }
}
