using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>A convolution over images of bytes: it writes bytes, or floats.</summary>
/// <param name="Name">The node.</param>
/// <param name="Input">What it reads, with a border at least as wide as its padding.</param>
/// <param name="Bytes">What it writes; null where it writes floats.</param>
/// <param name="Floats">What it writes; null where it writes bytes.</param>
/// <param name="Window">Its window.</param>
/// <param name="Low">The least output, before it becomes a byte.</param>
/// <param name="High">The greatest output, before it becomes a byte.</param>
/// <param name="Macs">Multiply-accumulates.</param>
internal sealed record Int8Layer(string Name, ByteImage Input, ByteImage? Bytes, ImageView? Floats, ImageWindow Window, float Low, float High, long Macs)
{
    /// <summary>Images, rows and columns of the output.</summary>
    public (int Images, int Height, int Width) Output => Bytes is { } b ? (b.Images, b.Height, b.Width) : (Floats!.Images, Floats.Height, Floats.Width);
}
