using Decant.Core;
using Decant.Data;

namespace Decant.Speed;

/// <summary>
/// What networks are fed where nobody gives anything, the same for every contender: floats are normal, masks 1, other
/// integers and truth values 0 or 1.
/// </summary>
public static class RandomInputs
{
    /// <summary>A tensor for each input.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="batch">What unknown extents are taken for.</param>
    /// <exception cref="ModelException">Nothing is known of an input's shape, or its elements are neither floats,
    /// integers of at least 8 bits, nor truth values.</exception>
    public static Tensor[] For(IReadOnlyList<ValueInfo> inputs, int batch) =>
        [
            .. inputs.Select(
                (input, i) =>
                {
                    if (input.Type.Shape is not { } shape || !RandomValues.AreMade(input.Type.Type))
                        throw new ModelException(
                            $"input '{input.Name}' is {input.Type}; random inputs are floats, integers or truth "
                                + "values, of a known rank"
                        );
                    Tensor tensor = Tensor.Zeros(
                        input.Type.Type,
                        new Shape([.. shape.Dims.Select(d => d == Shape.Unknown ? batch : d)])
                    );
                    RandomValues.Fill(
                        tensor.Bytes(),
                        tensor.Type,
                        RandomValues.IsMask(input),
                        bound: 2,
                        Rng.For(1, "speed", i)
                    );
                    return tensor;
                }
            ),
        ];
}
