using System.Globalization;
using System.Text;

namespace Decant.Data;

/// <summary>
/// Text as BERT's tokenizer cleans it before it cuts words (Devlin et al. 2019): any whitespace is a space, control
/// characters are dropped, and without case, accents are too.
/// </summary>
/// <param name="folds">Whether the vocabulary is of text in lower case without accents.</param>
/// <param name="isBasic">Whether no token of the vocabulary lies outside Unicode's basic plane: words with characters
/// from there are unknown then.</param>
internal sealed class WordPieceText(bool folds, bool isBasic)
{
    // The tokenizer drops what lies outside the basic plane; a symbol that no vocabulary has makes the word unknown.
    private const char Unknown = '\u2BFF';

    public string Normalized(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
            if (char.IsSurrogatePair(text, i))
                AppendBeyond(result, char.ConvertToUtf32(text, i++));
            else
                Append(result, text[i]);
        return result.ToString();
    }

    private void Append(StringBuilder to, char c)
    {
        if (c is ' ' or '\t' or '\n' or '\r' || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator)
            to.Append(' ');
        else if (c == '\uFFFD' || IsControl(CharUnicodeInfo.GetUnicodeCategory(c)))
            return;
        else if (folds && !char.IsAscii(c))
            AccentFolding.Append(to, c);
        else
            to.Append(c);
    }

    private void AppendBeyond(StringBuilder to, int character)
    {
        UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(character);
        if (IsControl(category) || (folds && category == UnicodeCategory.NonSpacingMark))
            return;
        if (!isBasic)
            to.Append(char.ConvertFromUtf32(character));
        else if (character is >= 0x20000 and <= 0x2FA1F || IsPunctuation(category))
            to.Append(' ').Append(Unknown).Append(' ');
        else
            to.Append(Unknown);
    }

    private static bool IsControl(UnicodeCategory category) =>
        category
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;

    private static bool IsPunctuation(UnicodeCategory category) =>
        category
            is UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation;
}
