namespace Decant.Runtime.Stages;

/// <summary>One window of a pooling layer.</summary>
internal unsafe struct PoolPixel
{
    public float* Input, Output;
    public int RowStep, PixelStep, Rows, Columns, Channels;
    public float Scale;
}
