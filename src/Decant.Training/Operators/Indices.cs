using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Indices
{
    private static readonly TorchOp AddInteger = new("aten::add.Scalar");

    /// <summary>Indices from the end counted from the start, as int64; those outside stay so, and libtorch refuses them.</summary>
    public static TorchTensor FromStart(this TorchTensor indices, long extent)
    {
        TorchTensor whole = indices.To(TorchType.Int64);
        return whole.Lt(0).Where(AddInteger.Call(whole, extent), whole);
    }
}
