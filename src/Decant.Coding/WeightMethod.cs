namespace Decant.Coding;

/// <summary>How a weight's numbers are coded, numbered as in the file.</summary>
public enum WeightMethod
{
    /// <summary>As they are, little-endian.</summary>
    Plain = 0,

    /// <summary>Relative positions and canonical Huffman codes.</summary>
    Huffman = 1,

    /// <summary>Adaptive arithmetic coding.</summary>
    Arithmetic = 2,
}
