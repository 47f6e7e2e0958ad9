using System.Text;
using Decant.Core;

namespace Decant.Data;

/// <summary>The lines of a UTF-8 file, one after the other.</summary>
internal static class TextLines
{
    /// <summary>The lines, each with its number from 1.</summary>
    /// <exception cref="DataException">The file is not there, cannot be read, or is not UTF-8; it is named.</exception>
    public static IEnumerable<(int Number, string Line)> Of(string path)
    {
        if (!File.Exists(path))
            throw new DataException($"there is no data set file {path}");
        var utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
        using StreamReader reader = Guarded(path, 1, () => new StreamReader(path, utf8))!;
        for (int number = 1; Guarded(path, number, reader.ReadLine) is { } line; number++)
            yield return (number, line);
    }

    private static T? Guarded<T>(string path, int number, Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException($"{path} is not UTF-8, from line {number} or soon after it on", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot read {path}: {e.Message}", e);
        }
    }
}
