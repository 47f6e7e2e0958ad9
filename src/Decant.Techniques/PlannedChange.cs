using Decant.Core;

namespace Decant.Techniques;

/// <summary>What a technique will do to one weight, layer or group of channels.</summary>
/// <param name="Target">The weight's, layer's or group's name.</param>
/// <param name="What">What will be done and why, in one line for a person.</param>
/// <param name="Apply">Makes the changed network. Changes of one plan are applied one after the other, in order.</param>
public sealed record PlannedChange(string Target, string What, Func<Network, Network> Apply)
{
    /// <summary>A change of one weight's encoding.</summary>
    /// <param name="weight">The weight's name.</param>
    /// <param name="what">What will be done and why, in one line for a person.</param>
    /// <param name="make">Makes the weight's new encoding.</param>
    public static PlannedChange OfWeight(string weight, string what, Func<Encoding> make) =>
        new(weight, what, network => network.With(new Dictionary<string, Encoding> { [weight] = make() }));
}
