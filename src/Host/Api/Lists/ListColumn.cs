using System.Text;
using Amoe.Engine.Domain;
using Amoe.Host.Api.Commands;
using Amoe.Host.Api.Persons;
using Amoe.Host.Identity;

namespace Amoe.Host.Api.Lists;

/// <summary>A column that a list may have: a field of its command, or of the student as a person.</summary>
/// <param name="Name">The field's name in JSON, which is also a column's name.</param>
/// <param name="Field">The command's field; null for one of the person alone.</param>
/// <param name="French">Further names, as they are printed.</param>
internal sealed record ListColumn(string Name, ApiField? Field, string[] French, string[] Arabic, string[] English)
{
    /// <summary>Its names, the one of JSON first.</summary>
    public IEnumerable<string> Names => [Name, .. English, .. French, .. Arabic];

    /// <summary>True for a name of a person: its letters are nothing but the vault's to change.</summary>
    public bool IsOfName { get; } = Name.Contains("_name", StringComparison.Ordinal);
}

/// <summary>The lists that an institution sends, and the names of their columns in three languages.</summary>
internal static class ListColumns
{
    /// <summary>The commands that a list may be of; the first where none is named.</summary>
    public static IReadOnlyList<CommandKind> Kinds { get; } =
        [CommandKind.Declare, CommandKind.ForwardApplication, CommandKind.ResendRegistration];

    public static IReadOnlyList<ListColumn> All { get; } =
    [
        Of(ApiFields.Student, ["numéro étudiant", "n° étudiant"], ["رقم الطالب"], ["student number"]),
        Of(ApiFields.Reference, ["référence", "n° dossier", "numéro de dossier"], ["رقم الملف", "المرجع"],
            ["file number"]),
        Of(ApiFields.Attempt, ["tentative"], ["المحاولة"], []),
        Of(ApiFields.Effective, ["date d'inscription", "date d'effet"], ["تاريخ التسجيل"],
            ["enrolment date", "effective date"]),
        Of(Enrolment("category"), ["catégorie"], ["الفئة"], []),
        Of(Enrolment("cycle"), ["cycle d'études"], ["السلك", "سلك الدراسة"], []),
        Of(Enrolment("born"), ["date de naissance", "né(e) le"], ["تاريخ الازدياد", "تاريخ الولادة"],
            ["birth date", "date of birth"]),
        Of(Enrolment("paid_track"), ["filière payante", "formation payante"], ["تكوين مؤدى عنه"], []),
        Of(ApiFields.Institution, ["établissement", "code établissement"], ["المؤسسة", "رقم المؤسسة"],
            ["institution number"]),
        Of(Enrolment("bank_account"), ["compte bancaire"], ["حساب بنكي"], []),
        Of(ApiFields.Year, ["année", "année universitaire"], ["السنة الجامعية", "السنة"], ["academic year"]),
        Of(ApiFields.Coverage, ["couverture", "autre couverture"], ["تغطية أخرى", "التغطية"], ["other coverage"]),
        Of(ApiFields.Holder, ["assuré principal"], ["المؤمن الرئيسي"], []),
        Of(ApiFields.ApplicationDesk, ["guichet"], ["الشباك"], []),
        Person(PersonJson.Cin, ["CNIE", "n° CIN"], ["البطاقة الوطنية", "رقم البطاقة الوطنية"], ["identity card"]),
        Person(PersonJson.Massar, ["code Massar", "CNE"], ["رمز مسار", "رقم مسار"], ["Massar number"]),
        Person("first_name", ["prénom"], ["الاسم الشخصي بالفرنسية"], []),
        Person("last_name", ["nom", "nom de famille"], ["الاسم العائلي بالفرنسية"], ["family name"]),
        Person("first_name_ar", ["prénom arabe", "prénom en arabe"], ["الاسم الشخصي"], ["Arabic first name"]),
        Person("last_name_ar", ["nom arabe", "nom en arabe"], ["الاسم العائلي", "النسب"], ["Arabic last name"]),
        Person("email", ["e-mail", "courriel", "adresse électronique"], ["البريد الإلكتروني"], []),
        Person("rib", ["n° de compte"], ["رقم الحساب البنكي"], ["account number"]),
    ];

    private static readonly Dictionary<string, ListColumn> _byName =
        All.SelectMany(column => column.Names.Select(Folded).Distinct().Select(name => (Name: name, Column: column)))
            .ToDictionary(named => named.Name, named => named.Column, StringComparer.Ordinal);

    /// <summary>The column of a name; null where no column has it.</summary>
    public static ListColumn? Find(string name) => _byName.GetValueOrDefault(Folded(name));

    /// <summary>The column of a field.</summary>
    public static ListColumn Named(string field) => All.First(column => column.Name == field);

    /// <summary>
    /// A name without what differs between keyboards and programs: case, accents, hamza and vowel marks, and all that
    /// is neither letter nor digit.
    /// </summary>
    public static string Folded(string name)
    {
        var folded = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsLetterOrDigit(c) && c is not (Tatweel or Ordinal))
                folded.Append(char.ToLowerInvariant(Composition.Bare(c)));
        }

        return folded.ToString();
    }

    /// <summary>Lengthens a word, and is no letter of it.</summary>
    private const char Tatweel = '\u0640';

    /// <summary>In place of the degree sign of n°.</summary>
    private const char Ordinal = '\u00BA';

    private static ApiField Enrolment(string name) => ApiFields.Enrolment.First(field => field.Name == name);

    private static ListColumn Of(ApiField field, string[] french, string[] arabic, string[] english) =>
        new(field.Name, field, french, arabic, english);

    private static ListColumn Person(string name, string[] french, string[] arabic, string[] english) =>
        new(name, null, french, arabic, english);
}
