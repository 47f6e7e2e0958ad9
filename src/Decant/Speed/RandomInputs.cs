using Decant.Core;

namespace Decant.Speed;

/// <summary>What networks are fed where nobody gives anything: normal numbers, the same for every contender.</summary>
public static class RandomInputs
{
    /// <summary>A tensor for each input.</summary>
    /// <exception cref="ModelException">An input is not of 32-bit floats, or nothing is known of its shape.</exception>
    public static Tensor[] For(IReadOnlyList<ValueInfo> inputs, int batch) =>
        [
            .. inputs.Select(
                (input, i) =>
                {
                    if (input.Type is not { Type: ElementType.Float32, Shape: { } shape })
                        throw new ModelException(
                            $"input '{input.Name}' is {input.Type}; networks are timed on inputs of "
                                + "Float32 and a known rank"
                        );
                    Tensor tensor = Tensor.Zeros(
                        ElementType.Float32,
                        new Shape([.. shape.Dims.Select(d => d == Shape.Unknown ? batch : d)])
                    );
                    Fill(tensor.Span<float>(), i);
                    return tensor;
                }
            ),
        ];

    /// <summary>Fills the numbers of one input.</summary>
    public static void Fill(Span<float> values, int input)
    {
        Rng rng = Rng.For(1, "speed", input);
        foreach (ref float value in values)
            value = (float)rng.NextNormal();
    }
}
