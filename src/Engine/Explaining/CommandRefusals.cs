using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Reference;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The grounds on which a command was refused: the value of the rulebook with the date it was read at, or the fact on
/// record (X8), beside the value that the command said. The journal has of a refused command its reason and dates, and
/// this one value since version 2.
/// </summary>
internal static class CommandRefusals
{
    public static Explanation Of(StudentReading reading, HistoryEntry entry, CommandRefused refused) => new Explanation(
        Keys.CommandRefused, ("known", new On(entry.Header.Known)), ("kind", Name.Of("kind", entry.Header.Kind)),
        ("reason", Name.Of("reason", refused.Reason)))
        .Under(ReasonRules.RuleOf(refused.Reason)).For(GroundsOf(reading, entry));

    public static IEnumerable<Explanation> GroundsOf(StudentReading reading, HistoryEntry entry)
    {
        var refused = entry.Events.OfType<CommandRefused>().FirstOrDefault();
        var refusal = new Refusal(
            reading.Before(entry), reading.RulesAt(entry),
            entry.Header)
        { Field = refused?.Field ?? CommandField.None, Value = refused?.Value ?? 0 };
        var grounds = GroundsOf(refusal);
        return refusal.Reason is Reason.Malformed or Reason.DateOutOfBounds ? grounds : [.. grounds, .. Said(refusal)];
    }

    /// <summary>The value that the command said, where the journal has it.</summary>
    public static IEnumerable<Explanation> Said(Refusal refusal) => refusal.Field == CommandField.None
        ? []
        : [new Explanation(
            Keys.RefusalSaid, ("field", Name.Of("field", refusal.Field)),
            ("value", ValueOf(refusal.Field, refusal.Value)))];

    private static Argument ValueOf(CommandField field, long value) => field switch
    {
        CommandField.CareDate or CommandField.Until or CommandField.BirthDate or CommandField.RightFrom =>
            new On(DateOnly.FromDayNumber((int)value)),
        CommandField.Amount or CommandField.Paid or CommandField.Reference or CommandField.Generic => new Money(value),
        CommandField.Year => EntitlementExplainer.YearOf((int)value),
        CommandField.ClaimDesk when ReferenceData.HasDesk((int)value) =>
            Name.Of("network", ReferenceData.Desk((int)value).Network),
        CommandField.ApplicationDesk => Name.Of("desk", (ApplicationDesk)value),
        CommandField.Act => Name.Of("act", (Act)value),
        CommandField.Fact => Name.Of("kind", (CommandKind)value),
        CommandField.Units => new Count(value, Unit.UnitOfCare),
        CommandField.Lines or CommandField.Quantity => new Count(value, Unit.None),
        _ => Code.Of(value),
    };

    private static IEnumerable<Explanation> GroundsOf(Refusal refusal)
    {
        return refusal.Reason switch
        {
            Reason.Malformed or Reason.DateOutOfBounds => BoundsRefusals.Of(refusal),
            Reason.NotDeclared or Reason.StudentUnknown => [Nothing(refusal)],
            >= Reason.AlreadyDeclared and <= Reason.YearIsOver => OfRegistration(refusal),
            >= Reason.ContributionNotDue and <= Reason.NoPaymentElsewhere => ContributionRefusals.Of(refusal),
            Reason.FactUnknown => Facts(refusal),
            Reason.CoverageNotNamed => OnRecord(refusal, e => e is OtherCoverageReported),
            Reason.FactNotCorrectable =>
                [new Explanation(
                    Keys.RefusalCorrectable,
                    ("kinds", new Names([.. Correctable.Select(kind => Name.Of("kind", kind))]))).Under("S5")],
            >= Reason.ApprovalAlreadyRequested and <= Reason.ApprovalNotNeeded => ApprovalRefusals.Of(refusal),
            Reason.NoRightToCertify => Certificate(refusal),
            _ => ClaimRefusals.Of(refusal),
        };
    }

    /// <summary>The kinds of fact that <see cref="Corrections.Decide"/> takes back.</summary>
    public static readonly IReadOnlyList<CommandKind> Correctable =
    [
        CommandKind.ReportOtherCoverage, CommandKind.EndOtherCoverage, CommandKind.InterruptStudies,
        CommandKind.ChangeInterruptionReason, CommandKind.ResumeStudies,
        CommandKind.ReceiveContribution, CommandKind.DecideExemption, CommandKind.DecideApproval,
    ];

    private static Explanation Nothing(Refusal refusal) =>
        new Explanation(Keys.RefusalNothingOnRecord, ("known", new On(refusal.Header.Known))).Under("D1");

    private static IEnumerable<Explanation> OfRegistration(Refusal refusal)
    {
        var student = refusal.Student;
        if (!student.IsKnown)
            return [Nothing(refusal)];
        return refusal.Reason switch
        {
            Reason.WrongApplicationDesk => [RightDesk(student)],
            Reason.NeverRegistered => [new Explanation(Keys.RefusalNoRight).Under("D7"), Application(student)],
            Reason.YearIsOver =>
                [
                    new Explanation(Keys.RefusalYearOnRecord, ("year", EntitlementExplainer.YearOf(student.Year)))
                        .Under("D7"), .. LastOfApplication(refusal)
                ],
            >= Reason.CycleNotEligible and <= Reason.CoveredByOtherScheme => [],
            _ => [Application(student), .. LastOfApplication(refusal)],
        };
    }

    /// <summary>D2: which desk the student's category has.</summary>
    private static Explanation RightDesk(Student student) => new Explanation(
        Keys.RefusalApplicationDesk, ("category", Name.Of("category", student.Enrolment.Category)),
        ("desk", Name.Of("desk", Registration.DeskOf(student.Enrolment.Category)))).Under("D2");

    private static Explanation Application(Student student) => student.Application == ApplicationState.None
        ? new Explanation(Keys.RefusalNoApplication, ("year", EntitlementExplainer.YearOf(student.Year))).Under("D3")
        : new Explanation(
            Keys.RefusalApplication, ("year", EntitlementExplainer.YearOf(student.Year)),
            ("state", Name.Of("application_state", student.Application))).Under("D3");

    /// <summary>The last record that moved the application: what the refused command found.</summary>
    private static IEnumerable<Explanation> LastOfApplication(Refusal refusal) =>
        refusal.Before.Last<StudentEvent>(e => e
            is DeclarationRecorded or RegistrationCarriedOver or RegistrationResent or ApplicationForwarded
                or ApplicationSentToAnam or ApplicationAccepted or ApplicationRefused)
            is var (entry, e) ? [StudentExplainer.Of(refusal.Before, entry, e) with { Because = [] }] : [];

    /// <summary>
    /// S5: a correction names a fact by its kind and date. Every fact that can be corrected is named, since the wrong
    /// kind may have been sent.
    /// </summary>
    private static IEnumerable<Explanation> Facts(Refusal refusal) =>
        OnRecord(refusal, IsCorrectable).Prepend(
            new Explanation(Keys.RefusalFactDay, ("day", new On(refusal.Header.Effective))).Under("S5"));

    private static IEnumerable<Explanation> OnRecord(Refusal refusal, Func<StudentEvent, bool> isMeant)
    {
        var facts = refusal.Before.Entries.SelectMany(entry =>
            entry.Events.OfType<StudentEvent>()
                .Where(isMeant)
                .Select(e => StudentExplainer.Of(refusal.Before, entry, e) with { Because = [] })).ToList();
        yield return facts.Count == 0
            ? new Explanation(Keys.RefusalNoFact).Under("S5")
            : new Explanation(Keys.RefusalFacts).Under("S5").For(facts);
    }

    private static bool IsCorrectable(StudentEvent e) =>
        e is OtherCoverageReported or OtherCoverageEnded or StudiesInterrupted or InterruptionReasonChanged
            or StudiesResumed
            or ContributionReceived or ExemptionDecided or ApprovalDecided or FactCorrected or FactTakenBack
            or ReceiptCorrected or ApprovalDecisionTakenBack;

    /// <summary>D5: not entitled on the day, or in grace, which has no certificate.</summary>
    private static IEnumerable<Explanation> Certificate(Refusal refusal)
    {
        var day = refusal.Header.Effective;
        yield return EntitlementExplainer.On(refusal.Before, day);
        if (Entitlement.On(refusal.Student, day) == Reason.None)
            yield return new Explanation(Keys.RefusalInGrace, ("day", new On(day))).Under("D5");
    }
}

/// <summary>A refused command as the journal has it, with what was known when it was refused.</summary>
internal sealed record Refusal(StudentReading Before, Rulebook Rules, RecordHeader Header)
{
    /// <summary>The field of the command that the reason speaks of; none where the journal does not have it.</summary>
    public CommandField Field { get; init; }

    public long Value { get; init; }

    public Reason Reason => Header.Reason;

    public Student Student => Before.Now;
}
