namespace Decant.Runtime.Dense.Winograd;

/// <summary>Where a tile's sums go, and what is added to them on the way.</summary>
internal unsafe struct WinogradPlace
{
    public float* Output, Residual, Bias;
    public int OutputRow, OutputPixel, ResidualRow, ResidualPixel;
    public float Low, High;
}
