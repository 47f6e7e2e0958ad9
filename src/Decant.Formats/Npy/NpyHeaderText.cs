using System.Globalization;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>
/// Parses the one form that a .npy header has: a Python dictionary of descr (text), fortran_order (True or False) and
/// shape (a tuple of integers), each once, in any order. Nothing else of Python is understood.
/// </summary>
internal sealed class NpyHeaderText(string text, long offset)
{
    private const int MaxRank = 64;
    private int at;
    private string? descr;
    private bool? fortran;
    private List<int>? shape;

    /// <summary>Reads the header.</summary>
    /// <exception cref="FileFormatException">It has another form; the byte offset is named.</exception>
    public NpyHeader Parse()
    {
        Take('{');
        while (!TryTake('}'))
        {
            Entry();
            if (TryTake(','))
                continue;
            Take('}');
            break;
        }
        SkipSpace();
        if (at < text.Length)
            throw Error("more after the header's end");
        if (descr is null || fortran is null || shape is null)
            throw Error("descr, fortran_order or shape is missing");
        var (type, bigEndian) = NpyTypes.Parse(descr, offset);
        return new NpyHeader(type, bigEndian, fortran.Value, new Shape([.. shape]));
    }

    private void Entry()
    {
        string key = Text();
        Take(':');
        switch (key)
        {
            case "descr" when descr is null:
                descr = Text();
                break;
            case "fortran_order" when fortran is null:
                fortran = Flag();
                break;
            case "shape" when shape is null:
                shape = Tuple();
                break;
            default:
                throw Error($"key '{key}' is unknown or given twice");
        }
    }

    private string Text()
    {
        SkipSpace();
        if (at >= text.Length || text[at] is not ('\'' or '"'))
            throw Error("a quoted text is needed; structured types are not supported");
        int end = text.IndexOf(text[at], at + 1);
        if (end < 0)
            throw Error("a text without an end");
        string result = text[(at + 1)..end];
        at = end + 1;
        return result;
    }

    private bool Flag()
    {
        SkipSpace();
        foreach (var (word, value) in (ReadOnlySpan<(string, bool)>)[("True", true), ("False", false)])
            if (text.AsSpan(at).StartsWith(word))
            {
                at += word.Length;
                return value;
            }
        throw Error("True or False is needed");
    }

    private List<int> Tuple()
    {
        var extents = new List<int>();
        Take('(');
        while (!TryTake(')'))
        {
            extents.Add(Extent());
            if (extents.Count > MaxRank)
                throw Error($"more than {MaxRank} dimensions");
            if (TryTake(','))
                continue;
            if (extents.Count == 1)
                throw Error("a tuple of one needs a comma");
            Take(')');
            break;
        }
        return extents;
    }

    private int Extent()
    {
        SkipSpace();
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return int.TryParse(
            text.AsSpan(start, at - start),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int extent
        )
            ? extent
            : throw Error("an extent from 0 to 2147483647 is needed");
    }

    private bool TryTake(char c)
    {
        SkipSpace();
        if (at >= text.Length || text[at] != c)
            return false;
        at++;
        return true;
    }

    private void Take(char c)
    {
        if (!TryTake(c))
            throw Error($"'{c}' is needed");
    }

    private void SkipSpace()
    {
        while (at < text.Length && text[at] is (' ' or '\n' or '\t' or '\r'))
            at++;
    }

    private FileFormatException Error(string message) => new($"in the header of a .npy file: {message}", offset + at);
}
