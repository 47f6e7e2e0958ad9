namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp ForeachAddList_Op = new("aten::_foreach_add_.List");

    /// <summary>xᵢ += alpha·yᵢ.</summary>
    public static void ForeachAdd_(TorchTensor[] x, TorchTensor[] y, double alpha = 1) =>
        ForeachAddList_Op.Run(x, y, alpha);

    private static readonly TorchOp ForeachAddScalar_Op = new("aten::_foreach_add_.Scalar");

    /// <summary>xᵢ += value.</summary>
    public static void ForeachAdd_(TorchTensor[] x, double value) => ForeachAddScalar_Op.Run(x, value);

    private static readonly TorchOp ForeachMulScalar_Op = new("aten::_foreach_mul_.Scalar");

    /// <summary>xᵢ *= value.</summary>
    public static void ForeachMul_(TorchTensor[] x, double value) => ForeachMulScalar_Op.Run(x, value);

    private static readonly TorchOp ForeachMulList_Op = new("aten::_foreach_mul_.List");

    /// <summary>xᵢ *= yᵢ.</summary>
    public static void ForeachMul_(TorchTensor[] x, TorchTensor[] y) => ForeachMulList_Op.Run(x, y);

    private static readonly TorchOp ForeachDivList_Op = new("aten::_foreach_div_.ScalarList");

    /// <summary>xᵢ /= valuesᵢ.</summary>
    public static void ForeachDiv_(TorchTensor[] x, double[] values) => ForeachDivList_Op.Run(x, values);

    private static readonly TorchOp ForeachAddCMul_Op = new("aten::_foreach_addcmul_.Scalar");

    /// <summary>xᵢ += value·aᵢ·bᵢ.</summary>
    public static void ForeachAddCMul_(TorchTensor[] x, TorchTensor[] a, TorchTensor[] b, double value) =>
        ForeachAddCMul_Op.Run(x, a, b, value);

    private static readonly TorchOp ForeachAddCDiv_Op = new("aten::_foreach_addcdiv_.ScalarList");

    /// <summary>xᵢ += valuesᵢ·aᵢ/bᵢ.</summary>
    public static void ForeachAddCDiv_(TorchTensor[] x, TorchTensor[] a, TorchTensor[] b, double[] values) =>
        ForeachAddCDiv_Op.Run(x, a, b, values);

    private static readonly TorchOp ForeachAddListOp = new("aten::_foreach_add.List");

    /// <summary>New tensors xᵢ + alpha·yᵢ.</summary>
    public static TorchTensor[] ForeachAdd(TorchTensor[] x, TorchTensor[] y, double alpha = 1) =>
        ForeachAddListOp.CallMany(x, y, alpha)!;

    private static readonly TorchOp ForeachSqrtOp = new("aten::_foreach_sqrt");

    /// <summary>New tensors √xᵢ.</summary>
    public static TorchTensor[] ForeachSqrt(TorchTensor[] x) => ForeachSqrtOp.CallMany(x)!;
}
