using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX Dropout: inputs data, optional ratio and training_mode. Without training_mode it hands its data on; output 1, if named, is the
/// mask of what is kept. With training_mode true a seed says what is dropped, as in ONNX's reference; without one only a ratio of 0 can
/// be run, since ONNX does not define what is random.
/// </summary>
public sealed class Dropout(Attributes attributes) : Operator("Dropout", attributes, (1, 3), "seed")
{
    /// <summary>The seed; null if none is given.</summary>
    /// <exception cref="ModelException">It is not within 32 bits.</exception>
    public uint? Seed { get; } = !attributes.Has("seed") ? null
        : attributes.Int("seed") is >= 0 and <= uint.MaxValue and var seed ? (uint)seed
        : throw new ModelException($"Dropout's seed is {attributes.Int("seed")}; 0 to {uint.MaxValue} are possible");

    /// <summary>Which of some numbers are kept with training_mode true: those whose uniform random number is at least the ratio.</summary>
    /// <exception cref="ModelException">There is no seed.</exception>
    public bool[] Kept(int count, double ratio)
    {
        if (Seed is not { } seed)
            throw new ModelException("training_mode is true and there is no seed: what is dropped would be random; run it with training_mode false, or give a seed");
        var random = new MersenneTwister(seed);
        var kept = new bool[count];
        for (int i = 0; i < count; i++) kept[i] = random.NextDouble() >= ratio;
        return kept;
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => [inputs.Types[0], new TensorType(ElementType.Bool, inputs.Shape(0))];
}
