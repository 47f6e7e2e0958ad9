using System.Text;

namespace Decant.Core;

/// <summary>
/// An expected failure: bad input, a limit reached, a wrong option. <see cref="Exception.Message"/> is one clear line
/// for a person.
/// </summary>
public class DecantException : Exception
{
    /// <summary>Creates the error with one line that says what is wrong and what would work.</summary>
    public DecantException(string message)
        : base(OneLine(message)) { }

    /// <summary>Creates the error with its cause.</summary>
    public DecantException(string message, Exception inner)
        : base(OneLine(message), inner) { }

    /// <summary>
    /// The message with control characters written out: names from files may hold line ends and what moves a terminal's
    /// cursor.
    /// </summary>
    private static string OneLine(string message)
    {
        if (!message.Any(IsOdd))
            return message;
        var line = new StringBuilder(message.Length + 8);
        foreach (char c in message)
            if (IsOdd(c))
                line.Append(c == '\n' ? "\\n" : $"\\u{(int)c:X4}");
            else
                line.Append(c);
        return line.ToString();
    }

    private static bool IsOdd(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}

/// <summary>
/// A network is not well formed, or uses what is not supported. The message names the node, operator or tensor.
/// </summary>
public sealed class ModelException : DecantException
{
    /// <summary>Creates the error.</summary>
    public ModelException(string message)
        : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    public ModelException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>A data set is missing, damaged, or does not fit the network: shapes, labels, preprocessing.</summary>
public sealed class DataException : DecantException
{
    /// <summary>Creates the error.</summary>
    public DataException(string message)
        : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    public DataException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>
/// A file is truncated, damaged or not of its format. The message names the byte offset where that is known.
/// </summary>
public sealed class FileFormatException : DecantException
{
    /// <summary>Creates the error.</summary>
    public FileFormatException(string message)
        : base(message) { }

    /// <summary>Creates the error at a byte offset of the file.</summary>
    public FileFormatException(string message, long offset)
        : base($"{message} (at byte {offset})") => Offset = offset;

    /// <summary>Creates the error with its cause.</summary>
    public FileFormatException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>The byte offset, or -1 if unknown.</summary>
    public long Offset { get; } = -1;
}
