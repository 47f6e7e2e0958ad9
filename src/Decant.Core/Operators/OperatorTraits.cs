namespace Decant.Core;

/// <summary>
/// What kind of function an operator is, apart from its settings and parameters. Each holds for every shape and value
/// of the inputs.
/// </summary>
[Flags]
public enum OperatorTraits
{
    /// <summary>None of these.</summary>
    None = 0,

    /// <summary>
    /// Each element of output 0 depends on no other element of a computed input than the one at its place; inputs
    /// broadcast.
    /// </summary>
    Elementwise = 1,

    /// <summary>A point-wise non-linearity, as follows layers.</summary>
    Activation = 2,

    /// <summary>f(s·x) = s·f(x) for s &gt; 0, of each channel (place along axis 1) of input 0 by itself.</summary>
    PositivelyHomogeneous = 4,

    /// <summary>
    /// Outputs are elements of inputs, from places that do not depend on what the elements are, or padding.
    /// </summary>
    MovesElements = 8,

    /// <summary>Outputs are elements of inputs, chosen by what the elements are: a maximum, say.</summary>
    SelectsElements = 16,

    /// <summary>Outputs depend on inputs' shapes alone, not on their elements.</summary>
    ReadsShapes = 32,
}
