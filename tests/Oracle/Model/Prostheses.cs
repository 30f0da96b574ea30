using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>The prosthesis at a place in the mouth, and its date (B6).</summary>
internal sealed class Prostheses(Scheme scheme, Person person)
{
    public static ProsthesisKind KindOf(Act act) => act switch
    {
        Act.LongBridge or Act.BridgeRenewal => ProsthesisKind.Bridge,
        Act.PartialDenture => ProsthesisKind.Denture,
        _ => ProsthesisKind.None,
    };

    /// <summary>Two of a kind with a tooth in common; where one does not say which, it may be any.</summary>
    public static bool AreAtOnePlace(in ClaimLine one, in ClaimLine other)
    {
        if (KindOf(one.Act) == ProsthesisKind.None || KindOf(one.Act) != KindOf(other.Act))
            return false;
        var (teeth, others) = (one.Prosthesis.Teeth, other.Prosthesis.Teeth);
        return teeth == 0 || others == 0 || (teeth & others) != 0;
    }

    public static bool IsLaterAtThePlace(Line line, Line earlier) =>
        AreAtOnePlace(earlier.Act, line.Act) && earlier.Act.CareDate < line.Act.CareDate;

    /// <summary>
    /// True where another one, paid or not, whichever file came first, is less than five years older.
    /// </summary>
    public bool IsTooRecent(Line line)
    {
        var years = scheme.ProsthesisYears.On(line.Act.CareDate);
        return person.Claims.Values.Where(claim => claim.IsReceived).SelectMany(claim => claim.Lines)
            .Any(other =>
                other != line
                    && other.Reason != Reason.DuplicateLine
                    && IsLaterAtThePlace(line, other)
                    && line.Act.CareDate < other.Act.CareDate.AddYears(years));
    }
}

internal enum ProsthesisKind
{
    None,
    Bridge,
    Denture,
}
