namespace Decant.Core;

/// <summary>A network is not well formed, or uses what is not supported. The message names the node, operator or tensor.</summary>
public sealed class ModelException : DecantException
{
    /// <summary>Creates the error.</summary>
    public ModelException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    public ModelException(string message, Exception inner) : base(message, inner) { }
}
