using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// Decides what a command means for a student: events, or a refusal with its reason. Pure: it changes nothing.
/// </summary>
internal static class StudentDecider
{
    public static void Decide(Student student, Command command, Rulebook rules, Decision decision)
    {
        switch (command)
        {
            case Declare c:
                Declare(student, c, rules, decision);
                break;
            case ForwardApplication c:
                Forward(student, c, decision);
                break;
            case TransmitApplication:
                Require(
                    student.Application == ApplicationState.Forwarded, Reason.NotForwarded, new ApplicationSentToAnam(),
                    decision);
                break;
            case AnswerFromAnam c:
                Registration.Answer(student, c, rules, decision);
                break;
            case CarryOverRegistration c:
                Registration.CarryOver(student, c, rules, decision);
                break;
            case ResendRegistration c:
                Registration.Resend(student, c, rules, decision);
                break;
            case PayContribution c:
                ContributionAccount.Pay(student, c, rules, decision);
                break;
            case ReceiveContribution c:
                ContributionAccount.Receive(student, c, rules, decision);
                break;
            case PresentReceipt c:
                ContributionAccount.PresentReceipt(student, c, decision);
                break;
            case ReportOtherCoverage c:
                Situation.Report(student, c, decision);
                break;
            case EndOtherCoverage c:
                Situation.End(student, c, decision);
                break;
            case InterruptStudies c:
                Situation.Interrupt(student, c, rules, decision);
                break;
            case ChangeInterruptionReason c:
                Situation.ChangeReason(student, c, rules, decision);
                break;
            case ResumeStudies c:
                Situation.Resume(student, c, decision);
                break;
            case DecideExemption c:
                Situation.Exempt(student, c, decision);
                break;
            case RequestApproval c:
                Approvals.Request(student, c, rules, decision);
                break;
            case DecideApproval c:
                Approvals.DecideRequest(student, c, rules, decision);
                break;
            case IssueCertificate c:
                if (Entitlement.CertificateUntil(student, c.Effective) is { } until)
                    decision.Emit(new CertificateIssued(until));
                else
                    decision.Refuse(Reason.NoRightToCertify);
                break;
            case AskEntitlement q:
                var reason = Entitlement.On(student, q.On);
                decision.Reply(
                    new EntitlementAnswer(reason == Reason.None, reason, Entitlement.CertificateUntil(student, q.On)));
                break;
            case CorrectFact { Fact: CommandKind.DecideApproval } c:
                Approvals.TakeBack(student, c, rules, decision);
                break;
            case CorrectFact c:
                Corrections.Decide(student, c, rules, decision);
                break;
            default:
                throw new InvalidOperationException($"{command.Kind} is not for a student");
        }
    }

    /// <summary>
    /// Answers a claim's question about each of its lines, taking the units of approvals it needs (K3, B9, B10).
    /// </summary>
    [Rule("K3", "B9", "B10")]
    public static void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision)
    {
        var (repeats, units) = (new Repeats(question, siblings), ClaimUnits.Of(student, question));
        var lines = new LineCoverage[question.Questions.Length];

        // What lines hold is not for those before them.
        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var q = ref question.Questions[i];
            lines[i] = new LineCoverage(
                Entitlement.On(student, q.CareDate), student.Insurance?.IsExemptOn(q.CareDate) == true,
                units.HeldBy(q));
        }

        for (var i = 0; i < lines.Length; i++)
        {
            if (question.Stays(i, lines[i].Reason))
                continue;
            lines[i] = lines[i] with { Repeats = repeats.Find(i, lines[i].Reason) };
            lines[i] = units.Approve(question.Questions[i], lines[i]);
            repeats.Judged(i, lines[i]);
        }

        units.Say(question.Claim, decision);
        decision.Send(
            new CoverageAnswer(
                question, student.Id, lines)
            { SameLines = repeats.SameLines, SimilarLines = repeats.SimilarLines });
    }

    [Rule("D1", "D7", "C5", "S2")]
    private static void Declare(Student student, Declare c, Rulebook rules, Decision decision)
    {
        // D1: a declaration of coverage meets no refusal. One for a year that a later one has followed is put on record
        // and changes nothing.
        if (c.Year < student.Year)
        {
            Require(
                c.Coverage != CoverageKind.None, Reason.YearIsOver,
                new DeclarationRecorded(c.Enrolment, c.Coverage, c.Year, c.Effective, c.Holder), decision);
            return;
        }

        // One without coverage is an application, and there is one at a time in a year: at another institution it is a
        // further enrolment.
        var applied = student.Year == c.Year
            && student.Application is not (ApplicationState.None or ApplicationState.Refused);
        if (c.Coverage == CoverageKind.None && applied)
        {
            if (c.Enrolment.Institution == student.Enrolment.Institution)
                decision.Refuse(Reason.AlreadyDeclared);
            else
                Registration.EnrolFurther(student, c, rules, decision);
            return;
        }

        decision.Emit(new DeclarationRecorded(c.Enrolment, c.Coverage, c.Year, c.Effective, c.Holder));
        ContributionAccount.Hold(student, rules, decision);
        Situation.Find(student, new CoverageName(c.Coverage, c.Holder), byAnam: false, c, decision);
    }

    [Rule("D2", "D3")]
    private static void Forward(Student student, ForwardApplication c, Decision decision)
    {
        if (!student.IsKnown)
            decision.Refuse(Reason.NotDeclared);
        else if (student.Application == ApplicationState.None)
            decision.Refuse(Reason.NoApplication);
        else if (student.Application != ApplicationState.Declared)
            decision.Refuse(Reason.AlreadyForwarded);
        else if (c.Desk != Registration.DeskOf(student.Enrolment.Category))
            decision.Refuse(Reason.WrongApplicationDesk);
        else
            decision.Emit(new ApplicationForwarded(c.Desk));
    }

    private static void Require(bool holds, Reason otherwise, Event e, Decision decision)
    {
        if (holds)
            decision.Emit(e);
        else
            decision.Refuse(otherwise);
    }
}
