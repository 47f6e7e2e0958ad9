namespace Decant.Techniques.Quantization;

/// <summary>Where the codes of a uniform grid lie about zero.</summary>
public enum QuantizationScheme
{
    /// <summary>Codes with sign, as many below zero as above, -(2^(b-1) - 1) to 2^(b-1) - 1; the zero point is 0.</summary>
    Symmetric,

    /// <summary>Codes 0 to 2^b - 1 over the whole range; the zero point stands for 0.</summary>
    Asymmetric,

    /// <summary>Codes 0 to 2^b - 1 from 0 on: for values that are never negative.</summary>
    Unsigned,
}
