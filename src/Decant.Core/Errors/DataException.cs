namespace Decant.Core;

/// <summary>A data set is missing, damaged, or does not fit the network: shapes, labels, preprocessing.</summary>
public sealed class DataException : DecantException
{
    /// <summary>Creates the error.</summary>
    public DataException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    public DataException(string message, Exception inner) : base(message, inner) { }
}
