using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>What one example is in a network's inputs.</summary>
internal static class ExampleShapes
{
    /// <summary>
    /// The shape of an example in an input, as far as it is known: without its first axis where that counts the
    /// examples, and all of the input where it does not, an open axis being 1 then.
    /// </summary>
    /// <param name="inputs">All inputs of the network.</param>
    /// <param name="input">One of them.</param>
    /// <returns>Null if nothing is known of its shape.</returns>
    public static Shape? Of(ImmutableArray<ValueInfo> inputs, ValueInfo input)
    {
        if (input.Type.Shape is not { } shape)
            return null;
        if (shape.Rank == 0)
            return shape;
        bool counts = shape[0] is 1 or Shape.Unknown || inputs.All(i => FirstOf(i) == shape[0]);
        if (counts)
            return new Shape(shape.Dims.AsSpan()[1..]);
        int open = shape.Dims.IndexOf(Shape.Unknown);
        return open < 0 ? shape : shape.With(open, 1);
    }

    private static int FirstOf(ValueInfo input) => input.Type.Shape is { Rank: > 0 } shape ? shape[0] : Shape.Unknown;
}
