using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>An input that an output is fed back to, from one example of a sequence to the next.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Output">The output's name.</param>
public sealed record StatePair(string Input, string Output);

/// <summary>Which inputs of a network are states: outputs for the example before.</summary>
/// <param name="Pairs">The states.</param>
/// <param name="Notes">Which of them were guessed.</param>
public sealed record NetworkStates(ImmutableArray<StatePair> Pairs, ImmutableArray<string> Notes)
{
    /// <summary>
    /// The states that are named; and of the other inputs without data those to which exactly one output of their type
    /// and shape belongs by its name, as stateN does to state.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="named">Outputs by the inputs that they are fed back to.</param>
    /// <param name="given">The inputs that have data.</param>
    /// <exception cref="DataException">There is no such input or output, or they do not fit each other; both are
    /// named.</exception>
    public static NetworkStates Of(
        Network network,
        IReadOnlyDictionary<string, string> named,
        IReadOnlyCollection<string> given
    )
    {
        foreach (var (input, output) in named)
            CheckPair(network, input, output);
        var pairs = new List<StatePair>();
        var notes = new List<string>();
        foreach (ValueInfo input in network.Inputs)
            if (named.TryGetValue(input.Name, out string? output))
                pairs.Add(new(input.Name, output));
            else if (!given.Contains(input.Name, StringComparer.Ordinal) && Guessed(network, input) is { } guess)
            {
                pairs.Add(new(input.Name, guess));
                notes.Add($"input '{input.Name}' is taken for a state: output '{guess}' is fed back to it");
            }
        return new([.. pairs], [.. notes]);
    }

    /// <summary>Whether an input is one of them.</summary>
    public bool Has(string input) => Pairs.Any(p => p.Input == input);

    /// <summary>Refuses inputs that are no states and have no data.</summary>
    /// <param name="network">The network.</param>
    /// <param name="given">The inputs that have data.</param>
    /// <exception cref="MissingStateException">There is one; it is named, and the outputs that would fit
    /// it.</exception>
    public void CheckComplete(Network network, IReadOnlyCollection<string> given)
    {
        ValueInfo[] missing =
        [
            .. network.Inputs.Where(i => !Has(i.Name) && !given.Contains(i.Name, StringComparer.Ordinal)),
        ];
        if (missing.Length > 0)
            throw new MissingStateException(
                $"there are no data for {Named(missing)}, and no output is fed back: {Fitting(network, missing)}",
                Candidates(network, missing)
            );
    }

    /// <summary>The input that gets sound: the only one that is no state.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="MissingStateException">There are others; they are named, and the outputs that would fit
    /// them.</exception>
    /// <exception cref="DataException">It takes no floats, or all are states.</exception>
    public AudioLimits SoundOf(Network network)
    {
        ValueInfo[] others = [.. network.Inputs.Where(i => !Has(i.Name))];
        return others.Length switch
        {
            0 => throw new DataException("sound fills an input, and all inputs of the network are states"),
            1 => AudioLimits.Of(others[0]),
            _ => throw new MissingStateException(
                $"sound fills one input, and the network takes {Named(others)}: outputs must be fed back to the "
                    + $"others; {Fitting(network, others)}",
                Candidates(network, others)
            ),
        };
    }

    /// <summary>Whether an output could be fed back to an input that has no data.</summary>
    /// <param name="network">The network.</param>
    /// <param name="given">The inputs that have data.</param>
    public static bool AreLikely(Network network, IReadOnlyCollection<string> given) =>
        network.Inputs.Any(i =>
            !given.Contains(i.Name, StringComparer.Ordinal) && network.Outputs.Any(o => AreAlike(i, o))
        );

    private static ImmutableArray<StatePair> Candidates(Network network, ValueInfo[] inputs) =>
        [
            .. inputs.SelectMany(i =>
                network.Outputs.Where(o => AreAlike(i, o)).Select(o => new StatePair(i.Name, o.Name))
            ),
        ];

    private static string Fitting(Network network, ValueInfo[] inputs)
    {
        ImmutableArray<StatePair> pairs = Candidates(network, inputs);
        return pairs.IsEmpty
            ? "no output has their type and shape"
            : "by type and shape "
                + string.Join(", ", pairs.Select(p => $"output '{p.Output}' could be fed back to '{p.Input}'"));
    }

    private static string Named(ValueInfo[] inputs) =>
        (inputs.Length == 1 ? "input " : "inputs ") + string.Join(", ", inputs.Select(i => $"'{i.Name}' {i.Type}"));

    private static string? Guessed(Network network, ValueInfo input)
    {
        string[] outputs =
        [
            .. network.Outputs.Where(o => AreAlike(input, o) && BelongTogether(input.Name, o.Name)).Select(o => o.Name),
        ];
        return outputs.Length == 1 ? outputs[0] : null;
    }

    private static void CheckPair(Network network, string input, string output)
    {
        ValueInfo? from = network.Outputs.FirstOrDefault(o => o.Name == output),
            to = network.Inputs.FirstOrDefault(i => i.Name == input);
        if (to is null)
            throw new DataException(
                $"there is no input '{input}'; there are {string.Join(", ", network.Inputs.Select(i => i.Name))}"
            );
        if (from is null)
            throw new DataException(
                $"there is no output '{output}'; there are {string.Join(", ", network.Outputs.Select(o => o.Name))}"
            );
        if (!AreAlike(to, from))
            throw new DataException(
                $"output '{output}' {from.Type} cannot be fed back to input '{input}', which takes {to.Type}"
            );
    }

    /// <summary>Whether type and shape are the same, as far as both are known.</summary>
    private static bool AreAlike(ValueInfo input, ValueInfo output)
    {
        if (input.Type.Type != output.Type.Type)
            return false;
        if (input.Type.Shape is not { } a || output.Type.Shape is not { } b)
            return true;
        return a.Rank == b.Rank && !a.Dims.Where((d, i) => d >= 0 && b[i] >= 0 && d != b[i]).Any();
    }

    private static bool BelongTogether(string input, string output)
    {
        string a = StemOf(input.Replace("past", "present", StringComparison.OrdinalIgnoreCase)),
            b = StemOf(output);
        return a.Length > 0
            && (
                a.Equals(b, StringComparison.OrdinalIgnoreCase)
                || output.StartsWith(input, StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>A name without what tells an input from an output: h of h_in, h0, hn and h_out.</summary>
    private static string StemOf(string name)
    {
        string stem = name.ToLowerInvariant();
        foreach (string ending in (string[])["_in", "_out", "_0", "_n", "_next", "0", "n"])
            if (stem.Length > ending.Length && stem.EndsWith(ending, StringComparison.Ordinal))
                return stem[..^ending.Length];
        return stem;
    }
}

/// <summary>An input gets no data, and no output is fed back to it.</summary>
/// <param name="message">Which, in one line, and what could be fed back.</param>
/// <param name="candidates">Outputs that could be fed back by their type and shape.</param>
public sealed class MissingStateException(string message, ImmutableArray<StatePair> candidates)
    : DecantException(message)
{
    /// <summary>Outputs that could be fed back by their type and shape.</summary>
    public ImmutableArray<StatePair> Candidates { get; } = candidates;
}
