using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>All of a student: his right on a day, his contribution, every fact in the order in which it became known, where his claims stand.</summary>
internal static class StudentExplainer
{
    public static Explanation Of(StudentReading reading, DateOnly day)
    {
        var facts = reading.Entries.Where(entry => !StudentReading.IsForClaim(entry.Header.Kind)).SelectMany(entry => Of(reading, entry)).ToList();
        var claims = reading.Claims.Select(Summary).Concat(reading.Entries.Where(entry => IsOfNoClaim(reading, entry)).Select(Refused)).ToList();
        return new Explanation(Keys.StudentAsKnown, ("student", Code.Of(reading.Student.Value)), ("known", new On(reading.KnownOn))).For(
        [
            EntitlementExplainer.WithHistory(reading, day),
            .. ContributionExplainer.Of(reading),
            new Explanation(Keys.StudentFacts).For(facts),
            claims.Count == 0 ? null : new Explanation(Keys.StudentClaims).For(claims),
        ]);
    }

    /// <summary>What a record of the student decided, event by event.</summary>
    public static IEnumerable<Explanation> Of(StudentReading reading, HistoryEntry entry) =>
        entry.Events.OfType<StudentEvent>().Select(e => Of(reading, entry, e));

    public static Explanation Of(StudentReading reading, HistoryEntry entry, StudentEvent e) => e switch
    {
        ApplicationAccepted a => ApplicationExplainer.Accepted(reading, entry, a),
        ApplicationRefused r => ApplicationExplainer.Refused(reading, entry, r),
        ClockMissed m => ClockExplainer.Of(reading, entry, m),
        _ => ApprovalExplainer.Of(reading, entry, e) ?? FactExplainer.Of(entry, e) ?? throw new InvalidOperationException($"{e.GetType().Name} has no explanation"),
    };

    /// <summary>A refusal that left no claim to explain it with.</summary>
    private static bool IsOfNoClaim(StudentReading reading, HistoryEntry entry) =>
        StudentReading.IsForClaim(entry.Header.Kind) && entry.Header.Outcome == Outcome.Refused && reading.FindClaim(entry.Header.Id.Reference) is null;

    private static Explanation Refused(HistoryEntry entry) => new Explanation(
        Keys.ClaimCommandRefused, ("known", new On(entry.Header.Known)), ("claim", Code.Of(entry.Header.Id.Reference)), ("kind", Name.Of("kind", entry.Header.Kind)),
        ("reason", Name.Of("reason", entry.Header.Reason))).Under(ReasonRules.RuleOf(entry.Header.Reason));

    private static Explanation Summary(Claim claim) => new(
        Keys.ClaimSummary, ("claim", Code.Of(claim.Number)), ("on", new On(claim.DepositedOn)), ("status", Name.Of("status", claim.Status)), ("amount", new Money(claim.PayableCentimes)));
}
