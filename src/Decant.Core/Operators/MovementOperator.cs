namespace Decant.Core.Operators;

/// <summary>
/// An operator whose outputs are elements of input 0, elsewhere or more often, and padding; other inputs say where.
/// </summary>
public abstract class MovementOperator : Operator
{
    private protected MovementOperator(
        string type,
        Attributes attributes,
        (int Min, int Max) inputs,
        params ReadOnlySpan<string> known
    )
        : base(type, attributes, inputs, known) { }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.MovesElements;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;
}
