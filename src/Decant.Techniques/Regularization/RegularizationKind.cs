namespace Decant.Techniques.Regularization;

/// <summary>The penalties on a weight.</summary>
public enum RegularizationKind
{
    /// <summary>Σ |w|.</summary>
    L1,

    /// <summary>Σ w².</summary>
    L2,

    /// <summary>Σ (w/w₀)² / (1 + (w/w₀)²): decay that spares large numbers (Hanson, Pratt 1989).</summary>
    HansonPratt,

    /// <summary>Σ |w − q(w)|, q(w) the nearest number on a grid.</summary>
    Grid,

    /// <summary>max w − min w.</summary>
    Range,

    /// <summary>Σ w²·|1 − w²|.</summary>
    Ternary,

    /// <summary>Σ_g c_g ‖w_g‖₂ over groups of numbers.</summary>
    Groups,
}
