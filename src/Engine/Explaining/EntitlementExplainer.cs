using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Whether the student is entitled on a day, by which entitlement period, and if not why; and what was known of that
/// day, when (D4, D8, S1-S5).
/// </summary>
internal static class EntitlementExplainer
{
    /// <summary>The answer as known at the end of a reading.</summary>
    public static Explanation On(StudentReading reading, DateOnly day)
    {
        var student = reading.Now;
        var reason = Entitlement.On(student, day);
        var answer = reason == Reason.None
            ? new Explanation(Keys.EntitlementYes, ("day", new On(day))).Under(RuleOf(student, day))
            : new Explanation(Keys.EntitlementNo, ("day", new On(day)), ("reason", Name.Of("reason", reason)))
                .Under(ReasonRules.RuleOf(reason));
        var insurance = student.Insurance;
        return answer
            .For((insurance?.Rights ?? []).Select(right => Of(reading, right, day)))
            .For(
                Suspensions(insurance)
                    .Where(suspension => suspension.Covers(day))
                    .Select(suspension => SuspensionExplainer.Of(reading, suspension)));
    }

    /// <summary>
    /// The answer, and the one ground it follows from: the entitlement period that covers the day, or the suspension.
    /// </summary>
    public static (Explanation Answer, Explanation? Because) InShort(StudentReading reading, DateOnly day)
    {
        var answer = On(reading, day);
        var isSuspended = Suspensions(reading.Now.Insurance).Any(suspension => suspension.Covers(day));
        var because = isSuspended
            ? answer.Because[^1]
            : answer.Because.FirstOrDefault(ground =>
                ground.Message.Key is not (Keys.RightMissed or Keys.RightMissedCut));
        return (answer with { Because = [] }, because is null ? null : because with { Because = [], Parameters = [] });
    }

    /// <summary>The answer, and how it came to be known: what was known of the day on any day.</summary>
    public static Explanation WithHistory(StudentReading reading, DateOnly day)
    {
        var changes = Changes(reading, day).ToList();
        var history = changes.Count == 0
            ? null
            : new Explanation(Keys.AnswerHistory, ("day", new On(day))).Under("S5").For(changes);
        return On(reading, day).For(history);
    }

    /// <summary>The records that changed the answer about a day.</summary>
    public static IEnumerable<Explanation> Changes(StudentReading reading, DateOnly day)
    {
        var answer = Reason.NeverEntitled;
        foreach (var (entry, then) in reading.Walk())
        {
            var now = Entitlement.On(then, day);
            if (now != answer)
                yield return Learnt(entry, now);
            answer = now;
        }
    }

    private static Explanation Learnt(HistoryEntry entry, Reason reason)
    {
        (string, Argument)[] arguments =
        [
            ("known", new On(entry.Header.Known)),
            ("kind", Name.Of("kind", entry.Header.Kind)),
            ("effective", new On(entry.Header.Effective)),
            ("reason", reason == Reason.None ? new Name(Keys.Entitled) : Name.Of("reason", reason)),
        ];
        return new Explanation(Keys.AnswerLearnt, arguments)
            .Under(reason == Reason.None ? "" : ReasonRules.RuleOf(reason));
    }

    private static string RuleOf(Student student, DateOnly day) =>
        student.Insurance!.Rights.Any(right => right.Covers(day) && day > right.Until) ? "D8" : "D4";

    private static Explanation Of(StudentReading reading, Right right, DateOnly day)
    {
        (string, Argument)[] arguments =
        [
            ("year", YearOf(right.Year)), ("from", new On(right.From)), ("until", new On(right.Until)),
            ("grace", new On(right.GraceUntil)), ("day", new On(day)),
        ];
        var record = Opening(reading, right)?.Entry;
        var opened = record is null ? null : Opened(record);
        var isGrace = right.Covers(day) && day > right.Until;
        if (Successor(reading, right) is not null)
            return CutShort(reading, right, day, arguments)
                .For(opened)
                .By(isGrace && record is not null ? ParametersOf(reading, right, record) : []);
        var (key, rule) = !right.Covers(day) ? (Keys.RightMissed, day < right.From ? "D4" : "D8")
            : isGrace ? (Keys.RightGrace, "D8")
            : (Keys.RightCovers, "D4");
        return new Explanation(key, arguments)
            .Under(rule)
            .For(opened)
            .By(isGrace && record is not null ? ParametersOf(reading, right, record) : []);
    }

    /// <summary>
    /// The entitlement period that cut the grace of another: it begins on the day after, and more had been promised.
    /// </summary>
    private static Right? Successor(StudentReading reading, Right right)
    {
        foreach (var later in reading.Now.Insurance!.Rights)
        {
            if (later.From == Days.After(right.GraceUntil))
                return Promised(reading, right) <= right.GraceUntil ? null : later;
        }

        return null;
    }

    private static DateOnly? Promised(StudentReading reading, Right right) => Opening(reading, right)?.Event switch
    {
        ApplicationAccepted a => a.GraceUntil,
        RegistrationCarriedOver c => c.GraceUntil,
        _ => null,
    };

    private static (HistoryEntry Entry, StudentEvent Event)? Opening(StudentReading reading, Right right) =>
        reading.Last<StudentEvent>(e =>
            e is ApplicationAccepted a && a.Year == right.Year && a.From == right.From
                || e is RegistrationCarriedOver c && c.Year == right.Year && c.From == right.From);

    /// <summary>
    /// D7, D8: an entitlement period that another took over ends the day before, and its grace with it.
    /// </summary>
    private static Explanation CutShort(
        StudentReading reading, Right right, DateOnly day, (string, Argument)[] arguments)
    {
        var key = !right.Covers(day)
            ? Keys.RightMissedCut
            : day > right.Until ? Keys.RightGraceCut : Keys.RightCoversCut;
        return new Explanation(key, arguments)
            .Under(right.Covers(day) && day <= right.Until || day < right.From ? "D4" : "D8")
            .For(TakenOver(reading, right));
    }

    private static Explanation? TakenOver(StudentReading reading, Right right)
    {
        if (Successor(reading, right) is not { } next)
            return null;
        (string, Argument)[] arguments =
        [
            ("year", YearOf(right.Year)), ("last", new On(right.GraceUntil)), ("next", YearOf(next.Year)),
            ("from", new On(next.From)),
        ];
        return new Explanation(Keys.RightTakenOver, arguments).Under("D7");
    }

    /// <summary>
    /// What became of a grace that was promised when an entitlement period was opened; null where nothing cut it.
    /// </summary>
    public static Explanation? TakenOver(StudentReading reading, int year, DateOnly from, DateOnly promised)
    {
        var right = (reading.Now.Insurance?.Rights ?? []).FirstOrDefault(right =>
            right.Year == year && right.From == from && right.GraceUntil < promised);
        return right == default ? null : TakenOver(reading, right);
    }

    /// <summary>
    /// The end of the year and the months of grace were read on the day of enrolment, or of an entitlement period
    /// carried over on its first.
    /// </summary>
    private static ParameterUse[] ParametersOf(StudentReading reading, Right right, HistoryEntry record)
    {
        var student = reading.Before(record).Now;
        var readOn = record.Header.Kind == CommandKind.AnswerFromAnam ? student.EnrolledOn : right.From;
        var category = reading.Now.Enrolment.Category;
        return [
            reading.Rules.Read(ParameterIds.AcademicYearEnd, readOn, category),
            reading.Rules.Read(ParameterIds.GraceMonths, readOn)
        ];
    }

    private static Explanation Opened(HistoryEntry record) =>
        new(
            Keys.RightOpened, ("kind", Name.Of("kind", record.Header.Kind)), ("known", new On(record.Header.Known)),
            ("effective", new On(record.Header.Effective)));

    private static Suspension[] Suspensions(Insurance? insurance) => insurance?.Suspensions ?? [];

    /// <summary>An academic year by its two calendar years.</summary>
    public static Code YearOf(int start) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{start}-{start + 1}"));
}
