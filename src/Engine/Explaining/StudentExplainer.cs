using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>
/// All of a student: the entitlement period on a day, the contribution, every fact in the order in which it became
/// known, the status of the claims.
/// </summary>
internal static class StudentExplainer
{
    public static Explanation Of(StudentReading reading, DateOnly day)
    {
        var facts = reading.Entries.Where(entry => !StudentReading.IsForClaim(entry.Header.Kind))
            .SelectMany(entry => Of(reading, entry))
            .ToList();
        var refused = reading.Entries.Where(entry => IsOfNoClaim(reading, entry));
        var claims = reading.Claims.Select(claim =>
            new Listed(claim.DepositedOn, claim.Number, Summary(reading, claim)))
            .Concat(
                refused.Select(entry =>
                    new Listed(entry.Header.Known, entry.Header.Id.Reference, Refused(reading, entry))))
            .Order(Listed.ByDay).Select(listed => listed.Explanation).ToList();
        return new Explanation(
            Keys.StudentAsKnown, ("student", Code.Of(reading.Student.Value)), ("known", new On(reading.KnownOn)))
                .InShort(InShort(reading, day))
                .For(
        [
            EntitlementExplainer.WithHistory(reading, day),
            .. ContributionExplainer.Of(reading),
            StudentBalance.Of(reading),
            new Explanation(Keys.StudentFacts).For(facts),
            claims.Count == 0 ? null : new Explanation(Keys.StudentClaims).For(claims),
        ]);
    }

    /// <summary>The decisions of a record of the student, event by event.</summary>
    public static IEnumerable<Explanation> Of(StudentReading reading, HistoryEntry entry) =>
        entry.Events.OfType<StudentEvent>().Select(e => Of(reading, entry, e));

    public static Explanation Of(StudentReading reading, HistoryEntry entry, StudentEvent e) => e switch
    {
        ApplicationAccepted a =>
            ApplicationExplainer.Accepted(reading, entry, a).For(
                EntitlementExplainer.TakenOver(reading, a.Year, a.From, a.GraceUntil)),
        RegistrationCarriedOver r =>
            FactExplainer.Of(entry, r)!.For(EntitlementExplainer.TakenOver(reading, r.Year, r.From, r.GraceUntil)),
        ApplicationRefused r => ApplicationExplainer.Refused(reading, entry, r),
        ClockMissed m => ClockExplainer.Of(reading, entry, m),
        CommandRefused r => CommandRefusals.Of(reading, entry, r),
        _ =>
            ApprovalExplainer.Of(reading, entry, e)
                ?? FactExplainer.Of(
                    entry, e) ?? throw new InvalidOperationException($"{e.GetType().Name} has no explanation"),
    };

    /// <summary>A refusal that left no claim to explain it with.</summary>
    private static bool IsOfNoClaim(StudentReading reading, HistoryEntry entry) =>
        StudentReading.IsForClaim(entry.Header.Kind)
            && entry.Header.Outcome == Outcome.Refused
            && reading.FindClaim(entry.Header.Id.Reference) is null;

    private static Explanation Refused(StudentReading reading, HistoryEntry entry) => new Explanation(
        Keys.ClaimCommandRefused, ("known", new On(entry.Header.Known)), ("claim", Code.Of(entry.Header.Id.Reference)),
        ("kind", Name.Of("kind", entry.Header.Kind)),
        ("reason", Name.Of("reason", entry.Header.Reason)))
            .Under(ReasonRules.RuleOf(entry.Header.Reason))
            .For(CommandRefusals.GroundsOf(reading, entry));

    private static Explanation Summary(StudentReading reading, Claim claim) => new(
        claim.IsJudged ? Keys.ClaimSummary : Keys.ClaimSummaryNotPriced,
        [
            ("claim", Code.Of(claim.Number)), ("on", new On(claim.DepositedOn)),
            .. ClaimBalance.ArgumentsOf(reading, claim)
        ]);

    /// <summary>The answer about the day with what it follows from, and what is owed on either side.</summary>
    private static IEnumerable<Explanation> InShort(StudentReading reading, DateOnly day)
    {
        var (answer, because) = EntitlementExplainer.InShort(reading, day);
        return StudentBalance.Parts(reading)
            .DefaultIfEmpty(new Explanation(Keys.BalanceNothing))
            .Prepend(because)
            .Prepend(answer)
            .OfType<Explanation>();
    }

    private sealed record Listed(DateOnly On, ulong Number, Explanation Explanation)
    {
        public static readonly Comparer<Listed> ByDay =
            Comparer<Listed>.Create((one, other) =>
                one.On != other.On ? one.On.CompareTo(other.On) : one.Number.CompareTo(other.Number));
    }
}
