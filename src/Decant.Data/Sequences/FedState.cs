using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>Where a state is among a network's inputs and outputs.</summary>
internal sealed record FedState(StatePair Pair, int Input, int Output)
{
    /// <exception cref="DataException">The network has no such output; it is named.</exception>
    public static FedState Of(Network network, StatePair pair)
    {
        int input = IndexOf(network.Inputs, pair.Input),
            output = IndexOf(network.Outputs, pair.Output);
        return input >= 0 && output >= 0
            ? new(pair, input, output)
            : throw new DataException(
                $"output '{pair.Output}' is fed back to input '{pair.Input}', and the network has "
                    + (input < 0 ? "no such input" : "no such output")
            );
    }

    /// <summary>Writes what was made of the examples before into the inputs of those that follow them.</summary>
    /// <param name="last">What was made; its first rows are of the examples before those of the batch.</param>
    /// <param name="batch">The examples that follow.</param>
    /// <exception cref="DataException">It differs from the input in its type or shape.</exception>
    public void FeedBack(MadeBatch last, FedBatch batch)
    {
        Tensor to = batch.Inputs[Input];
        int rows = batch.IsWhole ? 1 : to.Shape[0];
        Made(last)[..(to.Bytes().Length / rows * batch.Count)].CopyTo(to.Bytes());
    }

    /// <summary>Keeps what was made of one example as the state of another.</summary>
    /// <exception cref="DataException">It differs from the input in its type or shape.</exception>
    public void Record(MadeBatch made, Tensor states, int example)
    {
        int size = states.Bytes().Length / states.Shape[0];
        Made(made)[..size].CopyTo(states.Bytes()[(example * size)..]);
    }

    /// <summary>The output's elements, which are in the form of the input.</summary>
    private ReadOnlySpan<byte> Made(MadeBatch batch)
    {
        Tensor made = batch.Outputs[Output],
            taken = batch.Batch.Inputs[Input];
        return made.Type == taken.Type && made.Shape == taken.Shape
            ? made.Bytes()
            : throw new DataException(
                $"output '{Pair.Output}' is {made} and cannot be fed back to input '{Pair.Input}', which takes {taken}"
            );
    }

    private static int IndexOf(ImmutableArray<ValueInfo> values, string name) =>
        Array.FindIndex([.. values], v => v.Name == name);
}
