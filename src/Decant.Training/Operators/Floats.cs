using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>What floating-point tensors do by themselves, and integer ones by way of doubles.</summary>
internal static class Floats
{
    private static readonly TorchOp DivMode = new("aten::div.Scalar_mode");

    public static bool IsFloat(this TorchTensor x) => x.Type is TorchType.Float32 or TorchType.Float64 or TorchType.Float16;

    /// <summary>x/count; integers toward zero.</summary>
    public static TorchTensor Quotient(this TorchTensor x, long count) => x.IsFloat() ? x.Div(count) : DivMode.Call(x, count, "trunc");

    /// <summary>A function of floats, its result brought back to the type of x.</summary>
    public static TorchTensor AsFloat(this TorchTensor x, Func<TorchTensor, TorchTensor> function) =>
        x.IsFloat() ? function(x) : function(x.To(TorchType.Float64)).To(x.Type);
}
