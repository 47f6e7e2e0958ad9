namespace Decant.Core;

/// <summary>A constant of a network: trained numbers, or an operator's constant input such as a target shape.</summary>
/// <param name="Name">The name, unique among the network's values.</param>
/// <param name="Encoding">How its numbers are held.</param>
public sealed record Weight(string Name, Encoding Encoding)
{
    /// <summary>A weight whose numbers are held as they are.</summary>
    public Weight(string name, Tensor values) : this(name, new DenseEncoding(values)) { }

    /// <summary>Whether training may change it: floating-point numbers, not an operator's integer input.</summary>
    public bool IsTrainable => Encoding.Type == ElementType.Float32;
}
