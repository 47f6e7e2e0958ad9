namespace Decant.Core.Operators;

/// <summary>
/// A layer: each output is <see cref="ProductScale"/> times the sum of input elements times weights, plus
/// <see cref="BiasScale"/> times a bias.
/// </summary>
public abstract class LinearOperator : Operator
{
    /// <summary>The input that is the weight of a layer.</summary>
    public const int WeightInput = 1;

    private protected LinearOperator(
        string type,
        Attributes attributes,
        (int Min, int Max) inputs,
        params ReadOnlySpan<string> known
    )
        : base(type, attributes, inputs, known) { }

    /// <summary>The optional input that is added to every output; null if it cannot have one.</summary>
    public abstract int? BiasInput { get; }

    /// <summary>The factor of the product.</summary>
    public virtual float ProductScale => 1;

    /// <summary>The factor of the bias.</summary>
    public virtual float BiasScale => 1;

    /// <summary>Whether it can add a bias as it is: one element an output, or one for all, times 1.</summary>
    public bool AddsBias => BiasInput is not null && BiasScale == 1;

    /// <inheritdoc/>
    public sealed override OperatorTraits Traits => OperatorTraits.None;

    /// <summary>The axis of input 0, of a rank, along which the channels lie that the weight reads.</summary>
    public abstract int InputChannelAxis(int rank);

    /// <summary>The axis of the output, of a rank, along which its channels lie.</summary>
    public abstract int OutputChannelAxis(int rank);

    /// <inheritdoc/>
    public sealed override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    public sealed override bool IsAddend(int input) => input == BiasInput;

    /// <summary>A convolution's weight; each group has its own part of axis 0.</summary>
    private protected static LayerAxes Windowed(Shape weight, int groups, int output) =>
        new(
            groups,
            weight[0] / groups,
            weight[1],
            weight.CountFrom(2),
            output,
            output == 1 ? 0
                : groups == 1 ? 1
                : null,
            output == 1 ? 1 : 0
        );
}
