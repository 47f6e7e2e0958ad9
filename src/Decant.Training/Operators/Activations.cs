using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Celu
{
    private static readonly TorchOp EluOp = new("aten::elu");

    public static TorchKernel Make(Op.Celu op) => x => EluOp.Call(x[0], op.Alpha, 1, 1 / (double)op.Alpha);
}

internal static class Clip
{
    private static readonly TorchOp ClampOp = new("aten::clamp.Tensor");

    // A bound of one element along an axis would give the result that axis.
    public static TorchTensor Run(TorchInputs x) =>
        x.Optional(1) is null && x.Optional(2) is null
            ? x[0]
            : ClampOp.Call(x[0], x.Optional(1)?.Reshape(), x.Optional(2)?.Reshape());
}

internal static class Elu
{
    private static readonly TorchOp EluOp = new("aten::elu");

    public static TorchKernel Make(Op.Elu op) => x => EluOp.Call(x[0], op.Alpha, 1, 1);
}

internal static class Gelu
{
    public static TorchKernel Make(Op.Gelu op) => x => x[0].Gelu(op.ByTanh);
}

internal static class HardSigmoid
{
    public static TorchKernel Make(Op.HardSigmoid op) => x => x[0].Mul(op.Alpha).Add(op.Beta).Clamp(0, 1);
}

internal static class HardSwish
{
    public static TorchTensor Run(TorchInputs x) => x[0].HardSwish();
}

internal static class LeakyRelu
{
    public static TorchKernel Make(Op.LeakyRelu op) => x => x[0].LeakyRelu(op.Alpha);
}

internal static class Mish
{
    private static readonly TorchOp MishOp = new("aten::mish");

    public static TorchTensor Run(TorchInputs x) => MishOp.Call(x[0]);
}

internal static class PRelu
{
    public static TorchTensor Run(TorchInputs x) => x[0].Lt(0).Where(x[0].Mul(x[1]), x[0]);
}

internal static class Relu
{
    public static TorchTensor Run(TorchInputs x) => x[0].Relu();
}

internal static class Selu
{
    private static readonly TorchOp EluOp = new("aten::elu");

    public static TorchKernel Make(Op.Selu op) => x => EluOp.Call(x[0], op.Alpha, op.Gamma, 1);
}

internal static class Sigmoid
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sigmoid();
}

internal static class Softplus
{
    // From here on e⁻ˣ is lost beside x in doubles too.
    private const int Linear = 40;
    private static readonly TorchOp SoftplusOp = new("aten::softplus");

    public static TorchTensor Run(TorchInputs x) => SoftplusOp.Call(x[0], 1, Linear);
}

internal static class Softsign
{
    public static TorchTensor Run(TorchInputs x) => x[0].Div(x[0].Abs().Add(1));
}

internal static class Tanh
{
    public static TorchTensor Run(TorchInputs x) => x[0].Tanh();
}

internal static class ThresholdedRelu
{
    private static readonly TorchOp Threshold = new("aten::threshold");

    public static TorchKernel Make(Op.ThresholdedRelu op) => x => Threshold.Call(x[0], op.Alpha, 0);
}

internal static class Softmax
{
    public static TorchKernel Make(Op.Softmax op) => x => x[0].Softmax(op.Axis);
}

internal static class LogSoftmax
{
    public static TorchKernel Make(Op.LogSoftmax op) => x => x[0].LogSoftmax(op.Axis);
}
