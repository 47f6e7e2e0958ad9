using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class LayerNormalization
{
    private static readonly TorchOp Normalize = new("aten::native_layer_norm");

    public static TorchKernel Make(Op.LayerNormalization op) => x =>
    {
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        TorchTensor?[] all = Normalize.CallMany(x[0], x[0].Shape[axis..], (TorchTensor?)null, (TorchTensor?)null, op.Epsilon);
        for (int i = 1; i < 3; i++)
            if (x.Wants(i)) x.SetOutput(i, all[i]!);
        TorchTensor scaled = all[0]!.Mul(x[1]);
        return x.Optional(2) is { } bias ? scaled.Add(bias) : scaled;
    };
}
