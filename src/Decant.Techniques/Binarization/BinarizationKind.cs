namespace Decant.Techniques.Binarization;

/// <summary>How weights are brought to two or three values.</summary>
public enum BinarizationKind
{
    /// <summary>Each output's mean of |W| times the sign (binary-weight networks: Rastegari et al. 2016).</summary>
    BinaryWeights,

    /// <summary>A constant times the sign (BinaryConnect: Courbariaux, Bengio, David 2015).</summary>
    BinaryConnect,

    /// <summary>BinaryConnect with signs that are drawn in training; W itself answers outside it, and is kept.</summary>
    StochasticBinaryConnect,

    /// <summary>−α, 0, +α by a threshold of 0.7 mean|W| (ternary weight networks: Li, Zhang, Liu 2016).</summary>
    TernaryWeights,

    /// <summary>−n, 0, +p, both learned (trained ternary quantization: Zhu et al. 2017).</summary>
    TrainedTernary,
}
