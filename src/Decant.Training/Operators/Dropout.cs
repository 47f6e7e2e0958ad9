using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Dropout
{
    /// <summary>In training drops at random; else only where training_mode and a seed say what.</summary>
    public static TorchKernel Make(Op.Dropout op) => x =>
    {
        double ratio = x.Optional(1)?.ToDouble() ?? 0.5;
        if (!x.Training && ratio != 0 && x.Optional(2)?.ToInt64() == 1) return Seeded(op, x, ratio);
        if (!x.Wants(1)) return x[0].Dropout(ratio, x.Training);
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
        if (x.Wants(1)) x.SetOutput(1, kept.To(TorchType.Boolean));
        TorchTensor left = x[0].Mul(kept.To(x[0].Type));
        return ratio is > 0 and < 1 ? left.Div(1 - ratio) : left;
    }
}
