using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Functions of the bits of integers.</summary>
internal static class Bitwise
{
    private static readonly TorchOp AndOp = new("aten::bitwise_and.Tensor"),
        OrOp = new("aten::bitwise_or.Tensor"),
        XorOp = new("aten::bitwise_xor.Tensor");

    public static TorchTensor And(TorchInputs x) => AndOp.Call(x[0], x[1]);

    public static TorchTensor Or(TorchInputs x) => OrOp.Call(x[0], x[1]);

    public static TorchTensor Xor(TorchInputs x) => XorOp.Call(x[0], x[1]);
}
