using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// Something that computes a network. Every executor computes the same numbers, within the tolerance its tests state.
/// </summary>
public interface IExecutor : IDisposable
{
    /// <summary>The executor's name in reports: runtime, torch.</summary>
    string Name { get; }

    /// <summary>Runs the network once.</summary>
    /// <param name="inputs">One tensor for each of the network's inputs, in order.</param>
    /// <param name="cancellation">Stops the run as soon as the executor can: between operators, and the managed runtime
    /// also within long ones.</param>
    /// <returns>One tensor for each of the network's outputs, in order, each with its own array.</returns>
    /// <exception cref="ModelException">An input does not fit, or a node cannot compute what it is given; the input or
    /// node is named.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default);
}

/// <summary>Checks tensors against what a network expects to be fed.</summary>
public static class NetworkInputs
{
    /// <summary>Checks count, element types and shapes.</summary>
    /// <exception cref="ModelException">Something does not fit; the input and what it expects are named.</exception>
    public static void Check(Network network, IReadOnlyList<Tensor> inputs) => Check(network.Inputs, inputs);

    /// <summary>Checks count, element types and shapes.</summary>
    /// <exception cref="ModelException">Something does not fit; the input and what it expects are named.</exception>
    public static void Check(ImmutableArray<ValueInfo> expected, IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != expected.Length)
            throw new ModelException(
                $"{inputs.Count} inputs given; the network expects {expected.Length}: "
                    + $"{string.Join(", ", expected.Select(i => i.Name))}"
            );
        for (int i = 0; i < inputs.Count; i++)
        {
            var (name, type) = expected[i];
            if (inputs[i].Type != type.Type || !inputs[i].Shape.CanBe(type.Shape))
                throw new ModelException($"input '{name}' is {inputs[i]}; the network expects {type}");
        }
    }

    /// <summary>Checks count and shapes.</summary>
    /// <exception cref="ModelException">Something does not fit; the input and what it expects are named.</exception>
    public static void Check(Network network, IReadOnlyList<Shape> shapes)
    {
        if (shapes.Count != network.Inputs.Length)
            throw new ModelException(
                $"{shapes.Count} shapes given; the network expects {network.Inputs.Length}: "
                    + $"{string.Join(", ", network.Inputs.Select(i => i.Name))}"
            );
        for (int i = 0; i < shapes.Count; i++)
            if (!shapes[i].IsKnown || !shapes[i].CanBe(network.Inputs[i].Type.Shape))
                throw new ModelException(
                    $"input '{network.Inputs[i].Name}' has shape {shapes[i]}; the network expects "
                        + $"{network.Inputs[i].Type}"
                );
    }
}
