using System.Security;
using System.Xml;

namespace Decant.Sensitivity;

/// <summary>Names as they may stand in a picture.</summary>
internal static class SvgText
{
    /// <summary>A text whose middle gives way where it is too long.</summary>
    public static string Shorten(string text, int longest) =>
        text.Length <= longest ? text : $"{text[..((longest - 1) / 2)]}…{text[^(longest / 2)..]}";

    /// <summary>A text as XML; what XML cannot hold becomes a replacement character.</summary>
    public static string Escape(string text) => SecurityElement.Escape(string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\ufffd')));
}
