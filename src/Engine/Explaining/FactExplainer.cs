using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Explaining;

/// <summary>One fact on a student's record, with the day it became known.</summary>
internal static class FactExplainer
{
    /// <summary>The message of an event; null for one that another explains better.</summary>
    public static Explanation? Of(HistoryEntry entry, StudentEvent e)
    {
        var known = ("known", (Argument)new On(entry.Header.Known));
        return e switch
        {
            DeclarationRecorded d => Declared(d, known),
            FurtherEnrolmentRecorded f => new Explanation(
                Keys.EnrolledFurther, known, Year(f.Year), ("enrolled", new On(f.EnrolledOn)),
                ("category", Name.Of("category", f.Enrolment.Category)),
                ("institution", Code.Of(f.Enrolment.Institution))).Under("D7"),
            RegistrationCarriedOver r => new Explanation(
                Keys.RegistrationCarriedOver, known, Year(r.Year),
                ("category", Name.Of("category", r.Enrolment.Category)), ("from", new On(r.From)),
                ("until", new On(r.Until)),
                ("grace", new On(r.GraceUntil))).Under("T8"),
            ApplicationForwarded f =>
                new Explanation(Keys.ApplicationForwarded, known, ("desk", Name.Of("desk", f.Desk))).Under("D3"),
            ApplicationSentToAnam => new Explanation(Keys.ApplicationSent, known).Under("D3"),
            RegistrationResent r =>
                new Explanation(Keys.RegistrationResent, known, Year(r.Year), ("enrolled", new On(r.EnrolledOn)))
                    .Under("D7"),
            ContributionPaid p =>
                new Explanation(
                    Keys.ContributionPaid, known, ("amount", new Money(p.AmountCentimes)),
                    ("institution", Code.Of(p.Institution))).Under("C3"),
            ContributionReceived r =>
                new Explanation(
                    Keys.ContributionReceived, known, ("amount", new Money(r.AmountCentimes)), ("on", new On(r.On)))
                        .Under("C3"),
            ContributionWaived w =>
                new Explanation(Keys.ContributionWaived, known, ("institution", Code.Of(w.Institution))).Under("C4"),
            ContributionHeld h => ContributionExplainer.Held(h.AmountCentimes, h.Reason),
            ContributionReleased r =>
                new Explanation(Keys.ContributionReleased, known, ("amount", new Money(r.AmountCentimes)), Year(r.Year))
                    .Under("C5"),
            OtherCoverageReported r => Reported(entry, r, known),
            OtherCoverageEnded c => Ended(c, known),
            StudiesInterrupted i =>
                new Explanation(
                    i.Suspends is null ? Keys.InterruptionExcused : Keys.InterruptionUnexcused, known,
                    ("from", new On(i.From)), Why(i.Reason)).Under("S3"),
            InterruptionReasonChanged c =>
                new Explanation(
                    c.Suspends is null ? Keys.ReasonChangedExcused : Keys.ReasonChangedUnexcused, known,
                    ("on", new On(c.On)), Why(c.Reason)).Under("S4"),
            StudiesResumed r => new Explanation(Keys.StudiesResumed, known, ("on", new On(r.On))).Under("S4"),
            RightSuspended s =>
                new Explanation(Keys.RightSuspended, known, Cause(s.Cause), ("from", new On(s.From)))
                    .Under(SuspensionExplainer.RuleOf(s.Cause)),
            RightResumed r =>
                new Explanation(Keys.RightResumed, known, Cause(r.Cause), ("on", new On(r.On))).Under("S4"),
            SuspensionsRevised v =>
                new Explanation(Keys.SuspensionsRevised, known, Cause(v.Cause))
                    .Under("S5")
                    .For(v.Periods.Select(period => SuspensionExplainer.Of(v.Cause, period.From, period.Until))),
            RightLapsed l => new Explanation(Keys.RightLapsed, known, Year(l.Year), ("on", new On(l.On))).Under("D8"),
            ExemptionDecided x => x.Granted
                ? new Explanation(
                    Keys.ExemptionGranted, known, ("illness", Code.Of(x.Illness)), ("from", new On(x.From)),
                    ("until", new On(x.Until))).Under("B9")
                : new Explanation(Keys.ExemptionRefused, known, ("illness", Code.Of(x.Illness))).Under("B9"),
            CertificateIssued c =>
                new Explanation(Keys.CertificateIssued, known, ("until", new On(c.Until))).Under("D5"),
            ReceiptCorrected r => new Explanation(
                Keys.FactCorrected, known, ("kind", Name.Of("kind", CommandKind.ReceiveContribution)),
                ("day", new On(r.On))).Under("S5"),
            FactTakenBack f => TakenBack(f, known),
            FactCorrected f =>
                new Explanation(Keys.FactCorrected, known, ("kind", Name.Of("kind", f.Fact)), ("day", new On(f.On)))
                    .Under("S5"),
            _ => null,
        };
    }

    public static (string, Argument) Year(int year) => ("year", EntitlementExplainer.YearOf(year));

    private static Explanation Declared(DeclarationRecorded d, (string, Argument) known)
    {
        (string, Argument)[] arguments =
        [
            known, Year(d.Year), ("enrolled", new On(d.EnrolledOn)),
            ("category", Name.Of("category", d.Enrolment.Category)), ("cycle", Name.Of("cycle", d.Enrolment.Cycle)),
        ];
        return d.Coverage == CoverageKind.None
            ? new Explanation(Keys.Declared, arguments).Under("D1")
            : new Explanation(Keys.DeclaredCovered, [.. arguments, Coverage(d.Coverage), Holder(d.Holder)]).Under("D1");
    }

    private static Explanation Reported(HistoryEntry entry, OtherCoverageReported r, (string, Argument) known) =>
        new Explanation(
            r.ByAnam ? Keys.CoverageByAnam : Keys.CoverageByStudent, known, Coverage(r.Coverage), Holder(r.Holder),
            ("from", new On(r.From))).Under("S2")
            .For(r.From < entry.Header.Known ? Late(r.From, entry.Header.Known) : null);

    /// <summary>S4: whose word the end is decides whether it ends anything.</summary>
    private static Explanation Ended(OtherCoverageEnded c, (string, Argument) known)
    {
        var key = c.Source switch
        {
            CoverageSource.Student => Keys.CoverageEndUnconfirmed,
            CoverageSource.Inferred => Keys.CoverageEndInferred,
            _ => Keys.CoverageEndConfirmed,
        };
        return (c.Coverage == CoverageKind.None
            ? new Explanation(Keys.CoverageEnded, known, ("day", new On(c.LastDay)))
            : new Explanation(
                key, known, Coverage(c.Coverage), Holder(c.Holder), ("day", new On(c.LastDay)))).Under("S4");
    }

    private static Explanation TakenBack(FactTakenBack f, (string, Argument) known)
    {
        (string, Argument)[] arguments = [known, ("kind", Name.Of("kind", f.Fact)), ("day", new On(f.On))];
        return (f.Coverage == CoverageKind.None
            ? new Explanation(Keys.FactCorrected, arguments)
            : new Explanation(
                Keys.CoverageCorrected, [.. arguments, Coverage(f.Coverage), Holder(f.Holder)])).Under("S5");
    }

    /// <summary>A report that came after its effective date (S5).</summary>
    public static Explanation Late(DateOnly effective, DateOnly known) =>
        new Explanation(
            Keys.LearntLate, ("effective", new On(effective)),
            ("days", new Count(known.DayNumber - effective.DayNumber, Unit.Day))).Under("S5");

    private static (string, Argument) Why(InterruptionReason reason) =>
        ("reason", reason == InterruptionReason.None ? new Name(Keys.NoReasonGiven) : Name.Of("interruption", reason));

    private static (string, Argument) Coverage(CoverageKind coverage) => ("coverage", Name.Of("coverage", coverage));

    private static (string, Argument) Holder(CoverageHolder holder) =>
        ("holder", holder == CoverageHolder.None ? new Name(Keys.HolderNotSaid) : Name.Of("holder", holder));

    private static (string, Argument) Cause(SuspensionCause cause) => ("cause", Name.Of("suspension", cause));
}
