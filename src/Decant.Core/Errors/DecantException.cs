namespace Decant.Core;

/// <summary>An expected failure: bad input, a limit reached, a wrong option. <see cref="Exception.Message"/> is one clear line for a person.</summary>
public class DecantException : Exception
{
    /// <summary>Creates the error with one line that says what is wrong and what would work.</summary>
    public DecantException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    public DecantException(string message, Exception inner) : base(message, inner) { }
}
