namespace Decant.Runtime.Dense;

/// <summary>
/// What a tile of outputs is computed from: for pixel p and output channel o, the sum over segments s and k &lt; Run of
/// Input[InputAt[p] + Segments[s] + k] · Filters[(s·Run + k)·width + o], plus bias and residual, clamped to Low..High.
/// A segment is a stretch of the input that lies together: for a convolution over channels-last images, one row of the window.
/// </summary>
internal unsafe struct TileArguments
{
    /// <summary>The input; what a tile reads need not be aligned.</summary>
    public float* Input;

    /// <summary>For each pixel of the tile, where its window begins in the input.</summary>
    public int* InputAt;

    /// <summary>Where each segment begins, from the window's beginning on.</summary>
    public int* Segments;

    /// <summary>How many segments there are.</summary>
    public int SegmentCount;

    /// <summary>Numbers in a segment.</summary>
    public int Run;

    /// <summary>From a pixel of the input to the next; only sliding tiles look at it.</summary>
    public int Step;

    /// <summary>The filters of this block of output channels, as <see cref="PackedFilters"/> lays them.</summary>
    public float* Filters;

    /// <summary>One number for each output channel of the block, padded with zeros.</summary>
    public float* Bias;

    /// <summary>What is added to the outputs; null for nothing.</summary>
    public float* Residual;

    /// <summary>For each pixel of the tile, where its numbers begin in the residual.</summary>
    public int* ResidualAt;

    /// <summary>The output.</summary>
    public float* Output;

    /// <summary>For each pixel of the tile, where its numbers begin in the output.</summary>
    public int* OutputAt;

    /// <summary>How many output channels of the block there are; those beyond are not written.</summary>
    public int Channels;

    /// <summary>The least output; smaller ones become it.</summary>
    public float Low;

    /// <summary>The greatest output; larger ones become it.</summary>
    public float High;

    /// <summary>Room for the sums of a tile.</summary>
    public float* Scratch;

    /// <summary>Whether a tile's sums can be written as they are: no residual, and all channels of the block are there.</summary>
    public readonly bool IsPlain(int channels) => Residual == null && Channels >= channels;
}
