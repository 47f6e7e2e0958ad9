using Decant.Core;

namespace Decant.Techniques;

/// <summary>What a technique will do to one weight.</summary>
/// <param name="Weight">The weight's name.</param>
/// <param name="What">What will be done and why, in one line for a person.</param>
/// <param name="Apply">Makes the weight's new encoding.</param>
public sealed record PlannedChange(string Weight, string What, Func<Encoding> Apply);
