namespace Decant.Runtime.Memory;

/// <summary>What lies around images and is never written: buffers of equal frames may follow each other in the same place.</summary>
/// <param name="Form">The images.</param>
/// <param name="Element">Bytes of a number.</param>
/// <param name="Fill">The number in the border.</param>
internal sealed record Frame(ImageForm Form, int Element, int Fill)
{
    /// <summary>The frame of float images; null if they have no border.</summary>
    public static Frame? OfFloats(ImageForm form) => form.Border.IsNone ? null : new Frame(form, sizeof(float), 0);
}
