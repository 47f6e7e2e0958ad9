using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Decant.Data;

/// <summary>
/// Text in lower case without accents: canonically decomposed (Unicode NFD) and without non-spacing marks. The platform
/// decomposes only where it has cultures, and answers must not depend on that, so that the decompositions are here.
/// </summary>
internal static class AccentFolding
{
    private const int FirstHangul = 0xAC00,
        LastHangul = 0xD7A3,
        Vowels = 21,
        Finals = 28;

    // Unicode 15: what is left of decomposed characters, then a slash and the characters, in lower case.
    private const string Decomposed =
        ";/; </≮ =/≠ >/≯ `/` a/àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậ "
        + "a/ắằẳẵặ b/ḃḅḇ c/çćĉċčḉ d/ďḋḍḏḑḓ "
        + "e/èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềể e/ễệ f/ḟ g/ĝğġģǧǵḡ "
        + "h/ĥȟḣḥḧḩḫẖ i/ìíîïĩīĭįİǐȉȋḭḯỉị j/ĵǰ k/ķǩḱḳḵ "
        + "l/ĺļľḷḹḻḽ m/ḿṁṃ n/ñńņňǹṅṇṉṋ "
        + "o/òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏố o/ồổỗộớờởỡợ p/ṕṗ "
        + "r/ŕŗřȑȓṙṛṝṟ s/śŝşšșṡṣṥṧṩ t/ţťțṫṭṯṱẗ "
        + "u/ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủ u/ứừửữự v/ṽṿ "
        + "w/ŵẁẃẅẇẉẘ x/ẋẍ y/ýÿŷȳẏẙỳỵỷỹ z/źżžẑẓẕ ¨/΅῁῭΅ ´/´ "
        + "·/· æ/ǣǽ ø/ǿ ſ/ẛ ʒ/ǯ ʹ/ʹ α/άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇ "
        + "α/ᾰᾱᾲᾳᾴᾶᾷ ε/έἐἑἒἓἔἕὲέ "
        + "η/ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗ η/ῂῃῄῆῇ "
        + "ι/ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖ ι/ῗ ο/όὀὁὂὃὄὅὸό "
        + "ρ/ῤῥ υ/ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ "
        + "ω/ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧ ω/ῲῳῴῶῷ ϒ/ϓϔ а/ӑӓ г/ѓ "
        + "е/ѐёӗ ж/ӂӝ з/ӟ и/йѝӣӥ к/ќ о/ӧ у/ўӯӱӳ ч/ӵ ы/ӹ э/ӭ і/ї ѵ/ѷ ә/ӛ "
        + "ө/ӫ א/אַאָאּ ב/בּבֿ ג/גּ ד/דּ ה/הּ ו/וּוֹ ז/זּ ט/טּ י/יִיּ ך/ךּ כ/כּכֿ "
        + "ל/לּ מ/מּ נ/נּ ס/סּ ף/ףּ פ/פּפֿ צ/צּ ק/קּ ר/רּ ש/שׁשׂשּׁשּׂשּ ת/תּ ײ/ײַ "
        + "ا/آأإ و/ؤ ي/ئ ہ/ۂ ے/ۓ ە/ۀ क/क़ ख/ख़ ग/ग़ ज/ज़ ड/ड़ ढ/ढ़ न/ऩ "
        + "फ/फ़ य/य़ र/ऱ ळ/ऴ ড/ড় ঢ/ঢ় য/য় ো/ো ৌ/ৌ ਖ/ਖ਼ ਗ/ਗ਼ "
        + "ਜ/ਜ਼ ਫ/ਫ਼ ਲ/ਲ਼ ਸ/ਸ਼ ଡ/ଡ଼ ଢ/ଢ଼ େ/ୈ ୋ/ୋ ୌ/ୌ ஔ/ஔ ொ/ொ "
        + "ௌ/ௌ ோ/ோ ೂ/ೊ ೂೕ/ೋ ೕ/ೀೇ ೖ/ೈ ൊ/ൊ ൌ/ൌ ോ/ോ ෙ/ේ "
        + "ො/ොෝ ෞ/ෞ ཀ/ཀྵ ག/གྷ ཌ/ཌྷ ད/དྷ བ/བྷ ཛ/ཛྷ ဥ/ဦ ᬆ/ᬆ "
        + "ᬈ/ᬈ ᬊ/ᬊ ᬌ/ᬌ ᬎ/ᬎ ᬒ/ᬒ ᬵ/ᬻᬽᭃ ᭀ/ᭀ ᭁ/ᭁ "
        + "᾿/῍῎῏ ῾/῝῞῟ ←/↚ →/↛ ↔/↮ ⇐/⇍ ⇒/⇏ ⇔/⇎ ∃/∄ ∈/∉ ∋/∌ "
        + "∣/∤ ∥/∦ ∼/≁ ≃/≄ ≅/≇ ≈/≉ ≍/≭ ≡/≢ ≤/≰ ≥/≱ ≲/≴ ≳/≵ "
        + "≶/≸ ≷/≹ ≺/⊀ ≻/⊁ ≼/⋠ ≽/⋡ ⊂/⊄ ⊃/⊅ ⊆/⊈ ⊇/⊉ ⊑/⋢ ⊒/⋣ "
        + "⊢/⊬ ⊨/⊭ ⊩/⊮ ⊫/⊯ ⊲/⋪ ⊳/⋫ ⊴/⋬ ⊵/⋭ ⫝/⫝̸ 〈/〈 〉/〉 う/ゔ "
        + "か/が き/ぎ く/ぐ け/げ こ/ご さ/ざ し/じ す/ず せ/ぜ そ/ぞ た/だ ち/ぢ "
        + "つ/づ て/で と/ど は/ばぱ ひ/びぴ ふ/ぶぷ へ/べぺ ほ/ぼぽ ゝ/ゞ ウ/ヴ "
        + "カ/ガ キ/ギ ク/グ ケ/ゲ コ/ゴ サ/ザ シ/ジ ス/ズ セ/ゼ ソ/ゾ タ/ダ チ/ヂ "
        + "ツ/ヅ テ/デ ト/ド ハ/バパ ヒ/ビピ フ/ブプ ヘ/ベペ ホ/ボポ ワ/ヷ ヰ/ヸ "
        + "ヱ/ヹ ヲ/ヺ ヽ/ヾ";

    private static readonly FrozenDictionary<char, string> Bases = Decomposed
        .Split(' ')
        .Select(group => group.Split('/'))
        .SelectMany(group => group[1], (group, from) => KeyValuePair.Create(from, group[0]))
        .ToFrozenDictionary();

    /// <summary>The characters that are decomposed, but for Hangul.</summary>
    internal static IReadOnlyCollection<char> Characters => Bases.Keys;

    /// <summary>Appends a character in lower case, decomposed and without marks.</summary>
    public static void Append(StringBuilder to, char c)
    {
        char lower = char.ToLowerInvariant(c);
        if (Bases.TryGetValue(lower, out string? letters))
            to.Append(letters);
        else if (c is >= (char)FirstHangul and <= (char)LastHangul)
            AppendJamo(to, c - FirstHangul);
        else if (CharUnicodeInfo.GetUnicodeCategory(lower) != UnicodeCategory.NonSpacingMark)
            to.Append(lower);
    }

    private static void AppendJamo(StringBuilder to, int syllable)
    {
        to.Append((char)(0x1100 + syllable / (Vowels * Finals)));
        to.Append((char)(0x1161 + syllable / Finals % Vowels));
        if (syllable % Finals is > 0 and var final)
            to.Append((char)(0x11A7 + final));
    }
}
