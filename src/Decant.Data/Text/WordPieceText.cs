using System.Globalization;
using System.Text;

namespace Decant.Data;

/// <summary>
/// Text as BERT's tokenizer cleans it and splits it into words (Devlin et al. 2019): any whitespace ends a word,
/// control characters are dropped, punctuation and Chinese characters are words of their own; without case, accents
/// are dropped too.
/// </summary>
/// <param name="folds">Whether the vocabulary is of text in lower case without accents.</param>
/// <param name="marks">Tokens such as [SEP] that are words where text has them.</param>
internal sealed class WordPieceText(bool folds, string[] marks)
{
    // Blocks of CJK ideographs, first and last.
    private static readonly (int First, int Last)[] Ideographs =
    [
        (0x4E00, 0x9FFF),
        (0x3400, 0x4DBF),
        (0x20000, 0x2A6DF),
        (0x2A700, 0x2B73F),
        (0x2B740, 0x2B81F),
        (0x2B820, 0x2CEAF),
        (0xF900, 0xFAFF),
        (0x2F800, 0x2FA1F),
    ];

    /// <summary>The words of a text, with spaces between them.</summary>
    public string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        for (int i = 0, length; i < text.Length; i += length)
            if (MarkAt(text, i) is { } mark)
            {
                words.Append(' ').Append(mark).Append(' ');
                length = mark.Length;
            }
            else if (Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                Append(words, rune);
                length = rune.Utf16SequenceLength;
            }
            else
                length = 1;
        return words.ToString();
    }

    private string? MarkAt(string text, int at)
    {
        if (text[at] == '[')
            foreach (string mark in marks)
                if (string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0)
                    return mark;
        return null;
    }

    private void Append(StringBuilder to, Rune rune)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        if (rune.Value is '\t' or '\n' or '\r' || category == UnicodeCategory.SpaceSeparator)
            to.Append(' ');
        else if (IsDropped(rune, category))
            return;
        else if (IsAlone(rune))
            to.Append(' ').Append(rune.ToString()).Append(' ');
        else if (folds && rune.IsBmp)
            AccentFolding.Append(to, (char)rune.Value);
        else
            to.Append((folds ? Rune.ToLowerInvariant(rune) : rune).ToString());
    }

    private bool IsDropped(Rune rune, UnicodeCategory category) =>
        rune.Value == '\uFFFD'
        || category
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
        || (folds && category == UnicodeCategory.NonSpacingMark);

    /// <summary>All ASCII that is neither letter nor digit counts as punctuation, $ and ^ too.</summary>
    private static bool IsAlone(Rune rune) =>
        rune.IsAscii
            ? !Rune.IsLetterOrDigit(rune)
            : Rune.IsPunctuation(rune) || Ideographs.Any(b => rune.Value >= b.First && rune.Value <= b.Last);
}
