using Decant.Torch;

namespace Decant.Training;

/// <summary>Functions in steps, whose gradient is that of the function without steps (Bengio, Léonard, Courville 2013).</summary>
public static class StraightThrough
{
    /// <summary>The nearest whole number, halves to even; the gradient is 1.</summary>
    public static TorchTensor Round(TorchTensor x) => As(x.Round(), x);

    /// <summary>1 from 0 on, else −1; the gradient is 1 where |x| ≤ 1, else 0.</summary>
    public static TorchTensor Sign(TorchTensor x) => As(x.Ge(0).To(x.Type).Mul(2).Sub(1), x.Clamp(-1, 1));

    /// <summary>The numbers of one tensor with the gradient of another.</summary>
    /// <param name="value">The numbers.</param>
    /// <param name="path">What the gradient goes to, of the same shape.</param>
    public static TorchTensor As(TorchTensor value, TorchTensor path) => path.Add(value.Sub(path).Detach());
}
