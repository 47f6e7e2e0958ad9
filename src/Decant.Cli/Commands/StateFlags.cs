using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Runtime;

namespace Decant.Cli.Commands;

/// <summary>The flag that says which outputs are fed back to which inputs.</summary>
internal sealed class StateFlags
{
    private readonly Option<string[]> state = new("--state")
    {
        Description =
            "INPUT=OUTPUT: an input of the network that is its own output for the example before, such as "
            + "state=stateN, zeros at first; may be given several times",
    };

    public StateFlags(Command command) => command.Options.Add(state);

    /// <summary>The states that are named, and those that are guessed of inputs without data.</summary>
    /// <exception cref="UsageException">What is given is no pair of names.</exception>
    /// <exception cref="DataException">There is no such input or output, or they do not fit each other.</exception>
    public NetworkStates Find(ParseResult parsed, Network network, IReadOnlyCollection<string> given)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in parsed.GetValue(state) ?? [])
        {
            string[] pair = text.Split('=', 2);
            if (pair.Length != 2 || pair[0].Length == 0 || pair[1].Length == 0)
                throw new UsageException($"{state.Name} is {text}; INPUT=OUTPUT, such as state=stateN, would work");
            if (!named.TryAdd(pair[0], pair[1]))
                throw new UsageException($"{state.Name} gives '{pair[0]}' twice");
        }
        return NetworkStates.Of(network, named, given);
    }

    /// <summary>The data with the states of a network that has any.</summary>
    /// <exception cref="DataException">An input has neither data nor a state.</exception>
    public IDataSource Recorded(
        ParseResult parsed,
        Network network,
        IDataSource source,
        Func<IDataSource, Preprocessing> preprocessing,
        CancellationToken cancellation
    )
    {
        bool isMatched = network.Inputs.Length == 1 && source.Inputs.Length == 1;
        string[] given = isMatched ? [network.Inputs[0].Name] : [.. source.Inputs.Select(f => f.Name)];
        NetworkStates states = Find(parsed, network, given);
        if (states.Pairs.IsEmpty && !NetworkStates.AreLikely(network, given))
            return source;
        return Advised(() =>
        {
            states.CheckComplete(network, given);
            using InferenceSession session = new InferenceModel(
                network,
                new InferenceOptions { Threads = 1 }
            ).CreateSession(cancellation);
            return StatefulSource.Record(network, session, source, states, preprocessing(source), cancellation);
        });
    }

    /// <summary>What a function makes, or which flag would work where a state is missing.</summary>
    public static T Advised<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (MissingStateException e) when (!e.Candidates.IsEmpty)
        {
            StatePair pair = e.Candidates[^1];
            throw new DataException($"{e.Message}; --state {pair.Input}={pair.Output} says so", e);
        }
    }
}
