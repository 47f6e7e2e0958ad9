using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class BatchNormalization
{
    // ONNX's momentum is the share of the old statistics that stays, libtorch's the share of the new.
    public static TorchKernel Make(Op.BatchNormalization op) => x => op.TrainingMode
        ? Stated(op, x)
        : x[0].BatchNorm(x[1], x[2], x[3], x[4], x.Training, 1 - op.Momentum, op.Epsilon);

    /// <summary>With the batch's statistics as ONNX states it: the running variance moves towards the biased one, and is an output.</summary>
    private static TorchTensor Stated(Op.BatchNormalization op, TorchInputs x)
    {
        long[] axes = [.. Enumerable.Range(0, x[0].Rank).Where(i => i != 1).Select(i => (long)i)];
        if (x.Wants(1)) x.SetOutput(1, Moved(x[3], x[0].Mean(axes)));
        if (x.Wants(2)) x.SetOutput(2, Moved(x[4], x[0].Variance(axes, unbiased: false)));
        return x[0].BatchNorm(x[1], x[2], null, null, training: true, 0, op.Epsilon);

        TorchTensor Moved(TorchTensor old, TorchTensor batch) => old.Mul(op.Momentum).Add(batch.To(old.Type), 1 - op.Momentum);
    }
}
