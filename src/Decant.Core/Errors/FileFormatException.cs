namespace Decant.Core;

/// <summary>A file is truncated, damaged or not of its format. The message names the byte offset where that is known.</summary>
public sealed class FileFormatException : DecantException
{
    /// <summary>Creates the error.</summary>
    public FileFormatException(string message) : base(message) { }

    /// <summary>Creates the error at a byte offset of the file.</summary>
    public FileFormatException(string message, long offset) : base($"{message} (at byte {offset})") => Offset = offset;

    /// <summary>Creates the error with its cause.</summary>
    public FileFormatException(string message, Exception inner) : base(message, inner) { }

    /// <summary>The byte offset, or -1 if unknown.</summary>
    public long Offset { get; } = -1;
}
