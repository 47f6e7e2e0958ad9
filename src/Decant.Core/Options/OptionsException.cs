namespace Decant.Core;

/// <summary>An option is out of its range, missing, or contradicts another. The message names it by its key.</summary>
/// <param name="option">The key of the option; null if it is none in particular.</param>
/// <param name="message">What is wrong and what would work.</param>
public sealed class OptionsException(string? option, string message) : DecantException(message)
{
    /// <summary>The key of the option; null if it is none in particular.</summary>
    public string? Option { get; } = option;
}
