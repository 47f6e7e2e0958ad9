namespace Decant.Core;

/// <summary>
/// How a weight's numbers are held. Every encoding decodes to its numbers, exactly and always; a container stores it as
/// it is, a runtime may compute on it as it is, and a training form makes it trainable again.
/// </summary>
public abstract class Encoding
{
    private protected Encoding(ElementType type, Shape shape)
    {
        if (!shape.IsKnown)
            throw new ModelException($"a weight's shape must be known; {shape} is not");
        (Type, Shape) = (type, shape);
    }

    /// <summary>The element type that it decodes to.</summary>
    public ElementType Type { get; }

    /// <summary>The shape that it decodes to.</summary>
    public Shape Shape { get; }

    /// <summary>How many numbers it decodes to.</summary>
    public int Count => (int)Shape.Count;

    /// <summary>
    /// The name of the kind, as in reports: dense, sparse, codebook, linear, ternary, binary, vector.
    /// </summary>
    public abstract string Kind { get; }

    /// <summary>How many of the decoded numbers are not zero.</summary>
    public abstract long NonZeros { get; }

    /// <summary>Bits one stored number takes before entropy coding; positions not counted.</summary>
    public abstract int Bits { get; }

    /// <summary>
    /// The numbers, as a tensor of their own (a dense encoding returns the one it holds: treat it as read-only).
    /// </summary>
    public abstract Tensor Decode();
}
