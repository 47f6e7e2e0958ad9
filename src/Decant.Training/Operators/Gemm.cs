using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Gemm
{
    public static TorchKernel Make(Op.Gemm op) => x =>
    {
        bool plain = op is { Alpha: 1, Beta: 1, TransA: false, TransB: true };
        return plain && (x.Optional(2) is null or { Rank: 1 }) ? x[0].Linear(x[1], x.Optional(2)) : General(op, x);
    };

    private static TorchTensor General(Op.Gemm op, TorchInputs x)
    {
        TorchTensor a = op.TransA ? x[0].Transpose(0, 1) : x[0], b = op.TransB ? x[1].Transpose(0, 1) : x[1];
        TorchTensor product = a.MatMul(b);
        if (op.Alpha != 1) product = product.Mul(op.Alpha);
        return x.Optional(2) is { } c ? product.Add(op.Beta == 1 ? c : c.Mul(op.Beta)) : product;
    }
}
