namespace Decant.Runtime.Windows;

/// <summary>Images, channels and groups of a convolution.</summary>
internal readonly record struct ConvolutionSize(int Images, int Inputs, int Outputs, int Groups)
{
    public int InputsPerGroup => Inputs / Groups;

    public int OutputsPerGroup => Outputs / Groups;
}
