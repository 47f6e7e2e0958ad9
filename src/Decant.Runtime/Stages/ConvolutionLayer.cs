using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>A convolution over images as a plan has it: where it reads and writes, its window, and what follows its sums.</summary>
/// <param name="Name">The node.</param>
/// <param name="Input">What it reads, with a border at least as wide as its padding.</param>
/// <param name="Output">What it writes.</param>
/// <param name="Residual">What is added to its sums; null for nothing.</param>
/// <param name="Window">Its window.</param>
/// <param name="Low">The least output.</param>
/// <param name="High">The greatest output.</param>
/// <param name="Macs">Multiply-accumulates.</param>
internal sealed record ConvolutionLayer(
    string Name, ImageView Input, ImageView Output, ImageView? Residual, ImageWindow Window, float Low, float High, long Macs)
{
    /// <summary>The buffers it uses.</summary>
    public IEnumerable<PlanBuffer> Buffers =>
        Residual is null ? [Input.Buffer, Output.Buffer] : [Input.Buffer, Output.Buffer, Residual.Buffer];
}
