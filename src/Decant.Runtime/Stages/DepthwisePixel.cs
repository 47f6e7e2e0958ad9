namespace Decant.Runtime.Stages;

/// <summary>One output pixel of a depthwise convolution.</summary>
internal unsafe struct DepthwisePixel
{
    public float* Input, Filters, Bias, Residual, Output;
    public int Rows, Columns, Channels, RowStep, PixelStep;
    public float Low, High;
}
