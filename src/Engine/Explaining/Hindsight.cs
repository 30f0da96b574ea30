using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>
/// What has become known since a claim was decided: on each date of care the standing as known then and as known now,
/// and that a decision was right when it was made if nothing of it was known (S5).
/// </summary>
internal static class Hindsight
{
    /// <summary>Null while the claim was not adjudicated.</summary>
    public static Explanation? Of(StudentReading reading, ulong number)
    {
        if (reading.LastJudgement(number) is not { } entry)
            return null;
        var claim = reading.Claim(number);
        var then = reading.Through(entry);
        var days = claim.Lines.Select(line => line.CareDate).Distinct().Order().ToList();
        var changes = days.Select(day => Of(reading, then, entry, day)).OfType<Explanation>().ToList();
        var decided = ("known", (Argument)new On(entry.Header.Known));
        return changes.Count == 0
            ? new Explanation(Keys.HindsightSame, decided).Under("S5")
            : new Explanation(Keys.HindsightDiffers, decided).Under("S5").For(changes);
    }

    private static Explanation? Of(StudentReading reading, StudentReading then, HistoryEntry decided, DateOnly day)
    {
        var (was, isNow) = (Standing(then, day), Standing(reading, day));
        if (was == isNow)
            return null;
        (string, Argument)[] arguments = [
            ("day", new On(day)), ("then", Word(was)), ("now", Word(isNow)), ("known", new On(decided.Header.Known))
        ];
        return new Explanation(Keys.HindsightDay, arguments).Under("S5")
            .For(Learnt(reading, decided, day))
            .For(new Explanation(Keys.CorrectWhenDecided, ("known", new On(decided.Header.Known))).Under("S5"));
    }

    /// <summary>The records since the decision that changed the standing on a day.</summary>
    private static IEnumerable<Explanation> Learnt(StudentReading reading, HistoryEntry decided, DateOnly day)
    {
        (Reason, bool)? standing = null;
        foreach (var (entry, then) in reading.Walk())
        {
            var now = Standing(then, day);
            if (standing is { } before && now != before && entry.Offset > decided.Offset)
                yield return Learnt(entry, Word(now));
            standing = now;
        }
    }

    private static Explanation Learnt(HistoryEntry entry, Name standing)
    {
        (string, Argument)[] arguments =
        [
            ("known", new On(entry.Header.Known)), ("kind", Name.Of("kind", entry.Header.Kind)),
            ("effective", new On(entry.Header.Effective)), ("reason", standing),
        ];
        return new Explanation(Keys.AnswerLearnt, arguments).For(Late(entry));
    }

    /// <summary>The record in which something was learnt.</summary>
    public static Explanation Learnt(HistoryEntry entry) => new Explanation(
        Keys.FactLearnt, ("known", new On(entry.Header.Known)), ("kind", Name.Of("kind", entry.Header.Kind)),
        ("effective", new On(entry.Header.Effective))).Under("S5").For(Late(entry));

    private static Explanation? Late(HistoryEntry entry) =>
        entry.Header.Effective < entry.Header.Known
            ? FactExplainer.Late(entry.Header.Effective, entry.Header.Known)
            : null;

    private static (Reason Reason, bool Exempt) Standing(StudentReading reading, DateOnly day) =>
        Standing(reading.Now, day);

    private static (Reason Reason, bool Exempt) Standing(Student student, DateOnly day) =>
        (Entitlement.On(student, day), student.Insurance?.IsExemptOn(day) == true);

    private static Name Word((Reason Reason, bool Exempt) standing) => standing switch
    {
        (Reason.None, true) => new Name(Keys.EntitledExempt),
        (Reason.None, false) => new Name(Keys.Entitled),
        _ => Name.Of("reason", standing.Reason),
    };
}
