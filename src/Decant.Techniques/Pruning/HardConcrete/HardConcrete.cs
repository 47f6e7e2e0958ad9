using Decant.Torch;

namespace Decant.Techniques.Pruning.HardConcrete;

/// <summary>
/// The hard concrete distribution of Louizos, Welling, Kingma (2018), with their constants: a gate in [0, 1] that is exactly 0 or 1
/// with a probability above zero, and through which gradients reach log α.
/// </summary>
internal static class HardConcrete
{
    /// <summary>The temperature β.</summary>
    public const double Beta = 2.0 / 3;

    /// <summary>The lower end γ of the stretched interval.</summary>
    public const double Gamma = -0.1;

    /// <summary>The upper end ζ of the stretched interval.</summary>
    public const double Zeta = 1.1;

    private static readonly double Shift = Beta * Math.Log(-Gamma / Zeta);

    /// <summary>z = min(1, max(0, σ((log u − log(1 − u) + log α) / β) · (ζ − γ) + γ)) (equations 10 and 11).</summary>
    /// <param name="logAlpha">log α of each gate.</param>
    /// <param name="u">Uniform draws from [0, 1), one a gate.</param>
    public static TorchTensor Gate(TorchTensor logAlpha, TorchTensor u)
    {
        TorchTensor noise = u.Log().Sub(u.Neg().Add(1).Log());
        return Stretched(noise.Add(logAlpha).Div(Beta).Sigmoid());
    }

    /// <summary>The gate of evaluation, ẑ = min(1, max(0, σ(log α) · (ζ − γ) + γ)) (equation 13).</summary>
    public static TorchTensor Gate(TorchTensor logAlpha) => Stretched(logAlpha.Sigmoid());

    /// <summary>How likely each gate is not 0: σ(log α − β log(−γ / ζ)) (equation 12).</summary>
    public static TorchTensor Open(TorchTensor logAlpha) => logAlpha.Sub(Shift).Sigmoid();

    private static TorchTensor Stretched(TorchTensor s) => s.Mul(Zeta - Gamma).Add(Gamma).Clamp(0, 1);
}
