using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Div
{
    private static readonly TorchOp DivMode = new("aten::div.Tensor_mode");

    /// <summary>ONNX divides integers toward zero.</summary>
    public static TorchTensor Run(TorchInputs x) => x[0].Type is TorchType.Float32 or TorchType.Float64 or TorchType.Float16
        ? x[0].Div(x[1])
        : DivMode.Call(x[0], x[1], "trunc");
}
