namespace Decant.Core;

/// <summary>Something that computes a network. Every executor computes the same numbers, within the tolerance its tests state.</summary>
public interface IExecutor : IDisposable
{
    /// <summary>The executor's name in reports: runtime, torch.</summary>
    string Name { get; }

    /// <summary>Runs the network once.</summary>
    /// <param name="inputs">One tensor for each of the network's inputs, in order.</param>
    /// <returns>One tensor for each of the network's outputs, in order.</returns>
    /// <exception cref="ModelException">An input does not fit; what the network expects is named.</exception>
    IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs);
}
