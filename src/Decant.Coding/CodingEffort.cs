namespace Decant.Coding;

/// <summary>How hard a writer tries to make a file small.</summary>
public enum CodingEffort
{
    /// <summary>For each weight, the coding that comes out smallest of all that there are.</summary>
    Smallest,

    /// <summary>Relative positions and Huffman codes alone, as in Deep Compression (Han, Mao, Dally 2016): faster to decode.</summary>
    Huffman,
}
