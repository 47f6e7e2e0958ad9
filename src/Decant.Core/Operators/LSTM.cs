namespace Decant.Core.Operators;

/// <summary>
/// ONNX LSTM (Hochreiter, Schmidhuber 1997), gates i, o, f, c. Besides what all share: input 6 the first cell state (D, N, H), input 7 the
/// peepholes (D, 3·H) of i, o, f; output 2 the last cell state.
/// </summary>
public sealed class LSTM(Attributes attributes) : Recurrent("LSTM", attributes, 8, gates: 4, ["Sigmoid", "Tanh", "Tanh"], "input_forget")
{
    /// <summary>Whether the forget gate is 1 less the input gate.</summary>
    public bool CouplesInputForget { get; } = attributes.Flag("input_forget");

    private protected override int States => 2;

    private protected override void CheckMore(OperatorInputs inputs, RecurrentSize size)
    {
        Expect(inputs, 6, "initial_c", State(size));
        Expect(inputs, 7, "P", new Shape(Directions, Extents.Times(size.Hidden, 3)));
    }
}
