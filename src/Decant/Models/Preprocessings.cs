using Decant.Core;
using Decant.Training.Data;

namespace Decant;

/// <summary>The pixel arithmetic that a network carries with it.</summary>
public static class Preprocessings
{
    private const string Key = "preprocessing";

    /// <summary>What images get where nobody says otherwise: pixel / 255.</summary>
    public static Preprocessing Default { get; } = Preprocessing.Parse("scale=1/255");

    /// <summary>What the network says of itself, else the default.</summary>
    /// <exception cref="DataException">What it says is not understood.</exception>
    public static Preprocessing Of(Network network) => SaidBy(network) ?? Default;

    /// <summary>What the network says of itself; null if it says nothing.</summary>
    /// <exception cref="DataException">What it says is not understood.</exception>
    public static Preprocessing? SaidBy(Network network) => network.Metadata.TryGetValue(Key, out var text) ? Preprocessing.Parse(text) : null;

    /// <summary>The network, carrying an arithmetic; the default is not written.</summary>
    public static Network WithPreprocessing(this Network network, Preprocessing preprocessing) =>
        network.WithMetadata(Key, preprocessing == Default ? null : preprocessing.ToString());
}
