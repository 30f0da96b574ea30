using System.Text;

namespace Amoe.Host.Identity;

/// <summary>
/// Unicode's normal form C for names in Latin and Arabic letters. The runtime's own <c>Normalize</c> returns what it
/// was given, because this program runs without the system's culture data, and one name in two spellings would be two
/// names.
/// </summary>
internal static class Composition
{
    // The data is that of UnicodeData.txt, for Latin letters up to U+024F, U+1E00 to U+1EFF, and Arabic.
    private static readonly Mark[] _marks =
    [
        new('\u0300', 230, "AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"),
        new('\u0301', 230, "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿÇḈçḉĒḖēḗ"
            + "ÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ"),
        new('\u0302', 230, "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"),
        new('\u0303', 230, "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"),
        new('\u0304', 230, "AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳGḠgḡḶḸḷḹṚṜṛṝ"),
        new('\u0306', 230, "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭȨḜȩḝẠẶạặ"),
        new('\u0307', 230, "CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪ"
            + "tṫWẆwẇXẊxẋYẎyẏſẛ"),
        new('\u0308', 230, "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"),
        new('\u0309', 230, "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"),
        new('\u030A', 230, "AÅaåUŮuůwẘyẙ"),
        new('\u030B', 230, "OŐoőUŰuű"),
        new('\u030C', 230, "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"),
        new('\u030F', 230, "AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕ"),
        new('\u0311', 230, "AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"),
        new('\u031B', 216, "OƠoơUƯuư"),
        new('\u0323', 220, "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụ"
            + "ƯỰưựYỴyỵ"),
        new('\u0324', 220, "UṲuṳ"),
        new('\u0325', 220, "AḀaḁ"),
        new('\u0326', 220, "SȘsșTȚtț"),
        new('\u0327', 202, "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"),
        new('\u0328', 202, "AĄaąEĘeęIĮiįUŲuųOǪoǫ"),
        new('\u032D', 220, "DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"),
        new('\u032E', 220, "HḪhḫ"),
        new('\u0330', 220, "EḚeḛIḬiḭUṴuṵ"),
        new('\u0331', 220, "BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"),
        new('\u0653', 230, "اآ"),
        new('\u0654', 230, "اأوؤيئەۀہۂےۓ"),
        new('\u0655', 220, "اإ"),
    ];

    private static readonly Dictionary<(char Letter, char Mark), char> _composed = [];
    private static readonly Dictionary<char, (char Letter, char Mark)> _taken = [];
    private static readonly Dictionary<char, int> _classes = [];

    static Composition()
    {
        foreach (var mark in _marks)
        {
            _classes.Add(mark.Value, mark.Class);
            for (var i = 0; i < mark.Pairs.Length; i += 2)
            {
                _composed.Add((mark.Pairs[i], mark.Value), mark.Pairs[i + 1]);
                _taken.Add(mark.Pairs[i + 1], (mark.Pairs[i], mark.Value));
            }
        }
    }

    /// <summary>
    /// The text with each letter and its marks as one character where there is one. Characters of other scripts stay as
    /// they are.
    /// </summary>
    public static string Compose(string text)
    {
        if (!NeedsIt(text))
            return text;
        var parts = new List<char>(text.Length + 8);
        foreach (var c in text)
            Decompose(c, parts);
        Order(parts);
        return Join(parts);
    }

    /// <summary>A letter without its marks.</summary>
    public static char Bare(char letter)
    {
        while (_taken.TryGetValue(letter, out var pair))
            letter = pair.Letter;
        return letter;
    }

    private static bool NeedsIt(string text)
    {
        foreach (var c in text)
        {
            if (ClassOf(c) != 0)
                return true;
        }

        return false;
    }

    private static void Decompose(char c, List<char> parts)
    {
        if (!_taken.TryGetValue(c, out var pair))
        {
            parts.Add(c);
            return;
        }

        Decompose(pair.Letter, parts);
        parts.Add(pair.Mark);
    }

    /// <summary>Marks in the order of their classes; those of one class keep theirs.</summary>
    private static void Order(List<char> parts)
    {
        for (var i = 1; i < parts.Count; i++)
        {
            var (c, of) = (parts[i], ClassOf(parts[i]));
            var at = i;
            for (; of != 0 && at > 0 && ClassOf(parts[at - 1]) > of; at--)
                parts[at] = parts[at - 1];
            parts[at] = c;
        }
    }

    private static string Join(List<char> parts)
    {
        var joined = new StringBuilder(parts.Count);
        var (letter, last) = (-1, 0);
        foreach (var c in parts)
        {
            var of = ClassOf(c);
            // A mark between them of the same class, or a higher one, keeps a mark from its letter.
            if (letter >= 0 && of != 0 && last < of && _composed.TryGetValue((joined[letter], c), out var whole))
            {
                joined[letter] = whole;
                continue;
            }

            last = of;
            if (of == 0)
                letter = joined.Length;
            joined.Append(c);
        }

        return joined.ToString();
    }

    /// <summary>Unicode's combining class; 0 is a letter.</summary>
    private static int ClassOf(char c) => c switch
    {
        < '\u0300' => 0,
        // Arabic's vowel marks have a class each, in their own order.
        >= '\u064B' and <= '\u0652' => c - '\u064B' + 27,
        '\u0670' => 35,
        _ => _classes.GetValueOrDefault(c),
    };

    /// <param name="Pairs">Each letter, and after it the letter with the mark.</param>
    private readonly record struct Mark(char Value, int Class, string Pairs);
}
