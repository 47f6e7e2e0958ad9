using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Dropout
{
    /// <summary>Drops at random in training only.</summary>
    public static TorchTensor Run(TorchInputs x)
    {
        double ratio = x.Optional(1)?.ToDouble() ?? 0.5;
        if (!x.Training && ratio != 0 && x.Optional(2)?.ToInt64() == 1)
            throw new ModelException("training_mode is true: what is dropped would be random; run it with training_mode false");
        if (!x.Wants(1)) return x[0].Dropout(ratio, x.Training);
        TorchTensor kept = x.Training ? Ops.Full(x[0].Shape, 1 - ratio).Bernoulli() : Ops.Ones(x[0].Shape);
        x.SetOutput(1, kept.To(TorchType.Boolean));
        return x.Training && ratio < 1 ? x[0].Mul(kept.To(x[0].Type)).Div(1 - ratio) : x[0].Mul(kept.To(x[0].Type));
    }
}
