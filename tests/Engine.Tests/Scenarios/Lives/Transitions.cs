using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Scenarios.Lives;

/// <summary>The steps from state to state that a journal's histories took, and all that there are.</summary>
internal static class Transitions
{
    private static readonly AmoeLogic Logic = new(Rulebook.Embedded);

    /// <summary>Every transition the scheme has today; one that is taken and not listed is an error too.</summary>
    public static readonly string[] All =
    [
        // Registration (D1, D3, D7).
        "None -DeclarationRecorded-> None", "None -DeclarationRecorded-> Declared",
        "None -RegistrationCarriedOver-> Accepted",
        "None -RegistrationResent-> Forwarded",
        "Declared -ApplicationForwarded-> Forwarded", "Forwarded -ApplicationSentToAnam-> WithAnam",
        "WithAnam -ApplicationAccepted-> Accepted", "WithAnam -ApplicationRefused-> Refused",
        "Refused -DeclarationRecorded-> Declared", "Refused -DeclarationRecorded-> None",
        "Refused -RegistrationResent-> Forwarded",
        "Accepted -DeclarationRecorded-> Declared", "Accepted -DeclarationRecorded-> None",
        "Accepted -RegistrationResent-> Forwarded",
        "Declared -DeclarationRecorded-> None", "Forwarded -DeclarationRecorded-> None",
        "WithAnam -DeclarationRecorded-> None",
        "Declared -DeclarationRecorded-> Declared", "Forwarded -DeclarationRecorded-> Declared",
        "WithAnam -DeclarationRecorded-> Declared",
        // Other coverage declared for a year that is over is put on record, and the year that is not goes on.
        "Forwarded -DeclarationRecorded-> Forwarded", "WithAnam -DeclarationRecorded-> WithAnam",
        "Accepted -DeclarationRecorded-> Accepted",
        "Refused -DeclarationRecorded-> Refused",
        "Declared -RegistrationResent-> Forwarded", "Forwarded -RegistrationResent-> Forwarded",
        "WithAnam -RegistrationResent-> Forwarded",

        // Claims (K5, K6, K8).
        "None -ClaimDeposited-> Deposited", "Deposited -ClaimReturned-> Returned",
        "Returned -ClaimCompleted-> Deposited",
        "Deposited -ClaimReceived-> Received", "Received -DuplicatesFound-> Received",
        "Received -ClaimAdjudicated-> Payable", "Received -ClaimAdjudicated-> NothingPayable",

        // Once adjudicated, the status of a claim follows from its amounts and marks. The scenarios have to reach each
        // event and each status (X1, X4-X7, S5).
        "-ClaimHeld-", "-ClaimReleased-", "-ClaimRevised-", "-ClaimAppealed-", "-AppealDecided-", "-ClaimReopened-",
        "-ClaimRecalled-", "-DuplicatesFound-",
        "-PaymentOrdered-", "-PaymentMade-", "-PaymentReturned-", "-PaymentReissued-", "-PaymentSetOff-",
        "-OverpaymentRaised-", "-OverpaymentCancelled-", "-OverpaymentRecovered-",
        "Payable", "NothingPayable", "PaymentOrdered", "Paid", "HeldForReview", "HeldAsDuplicate", "PaymentReturned",
        "Overpaid",

        // Suspension (S1-S4) and the end of an entitlement period (D8).
        "RightSuspended Contribution", "RightSuspended OtherCoverage", "RightSuspended Interruption",
        "RightResumed Contribution", "RightResumed OtherCoverage", "RightResumed Interruption", "RightLapsed",

        // Money that is not expected (C5), and a further enrolment of the year (D7).
        "ContributionHeld", "ContributionReleased", "FurtherEnrolmentRecorded",

        // Other coverages end by whose word (S4).
        "OtherCoverageEnded Student", "OtherCoverageEnded Anam", "OtherCoverageEnded Inferred",

        // Late truth (S5).
        "SuspensionsRevised Contribution", "SuspensionsRevised OtherCoverage", "SuspensionsRevised Interruption",
        "FactTakenBack ReportOtherCoverage", "FactTakenBack EndOtherCoverage", "FactTakenBack InterruptStudies",
        "FactTakenBack ChangeInterruptionReason",
        "FactTakenBack ResumeStudies", "FactTakenBack DecideExemption", "ReceiptCorrected",

        // Approvals (B10) and exemption (B9).
        "Approval None -ApprovalRequested-> Requested", "Approval Requested -ApprovalDecided-> Granted",
        "Approval Requested -ApprovalDecided-> Refused",
        // A claim may come after the approval ran out: what counts is the day of the care.
        "Approval Granted -ApprovalUsed-> Granted", "Approval Lapsed -ApprovalUsed-> Lapsed",
        "Approval Granted -ApprovalLapsed-> Lapsed", "ExemptionDecided True", "ExemptionDecided False",

        // Late truth about approvals (T7).
        "Approval decided again", "ApprovalDecisionTakenBack", "ApprovalUnitsRevised",
    ];

    public static IEnumerable<string> Of(IJournal journal)
    {
        var sink = new Sink();
        foreach (var segment in journal.ReadAll())
        {
            var reader = new SegmentReader(segment);
            while (reader.Read(sink))
            {
            }
        }

        return sink.Taken;
    }

    private sealed class Sink : IRecordSink
    {
        private readonly Dictionary<StudentId, StudentAggregate> _students = [];
        private StudentAggregate _student = null!;

        public HashSet<string> Taken { get; } = [];

        public void Begin(in RecordHeader header, long offset)
        {
            if (!_students.TryGetValue(header.Student, out var student))
                _students.Add(header.Student, student = new StudentAggregate(header.Student));
            _student = student;
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (e is ClaimEvent c)
                OfClaim(c);
            else if (e is StudentEvent s)
                OfStudent(s);
        }

        public void End()
        {
        }

        private void OfClaim(ClaimEvent e)
        {
            var claim = _student.ClaimOf(e)!;
            var (before, wasJudged) = (claim.Status, claim.IsJudged);
            _student.Apply(e, claim, Logic);
            Taken.Add(wasJudged ? $"-{e.GetType().Name}-" : $"{before} -{e.GetType().Name}-> {claim.Status}");
            if (claim.IsJudged)
                Taken.Add(claim.OverpaidCentimes > 0 ? "Overpaid" : claim.Status.ToString());
        }

        private void OfStudent(StudentEvent e)
        {
            var student = _student;
            var (application, approvals) = (student.Application, student.Insurance?.Approvals.ToArray() ?? []);
            student.Apply(e, null, Logic);
            switch (e)
            {
                case DeclarationRecorded or RegistrationCarriedOver or RegistrationResent or ApplicationForwarded
                    or ApplicationSentToAnam
                    or ApplicationAccepted or ApplicationRefused:
                    Taken.Add($"{application} -{e.GetType().Name}-> {student.Application}");
                    break;
                case RightSuspended s:
                    Taken.Add($"RightSuspended {s.Cause}");
                    break;
                case RightResumed r:
                    Taken.Add($"RightResumed {r.Cause}");
                    break;
                case SuspensionsRevised v:
                    Taken.Add($"SuspensionsRevised {v.Cause}");
                    break;
                case FactTakenBack f:
                    Taken.Add($"FactTakenBack {f.Fact}");
                    break;
                case OtherCoverageEnded x:
                    Taken.Add($"OtherCoverageEnded {x.Source}");
                    break;
                case ContributionHeld or ContributionReleased or ReceiptCorrected or FurtherEnrolmentRecorded:
                    Taken.Add(e.GetType().Name);
                    break;
                case RightLapsed:
                    Taken.Add("RightLapsed");
                    break;
                case ExemptionDecided x:
                    Taken.Add($"ExemptionDecided {x.Granted}");
                    break;
                case ApprovalDecisionTakenBack or ApprovalUnitsRevised:
                    Taken.Add(e.GetType().Name);
                    break;
                case ApprovalDecided d when Array.Exists(
                    approvals, approval => approval.Reference == d.Approval && approval.Holding is not null):
                    Taken.Add("Approval decided again");
                    break;
                case ApprovalRequested or ApprovalDecided or ApprovalUsed or ApprovalLapsed:
                    OfApproval(e, approvals, student.Insurance!.Approvals);
                    break;
            }
        }

        private void OfApproval(StudentEvent e, Approval[] before, Approval[] after)
        {
            for (var i = 0; i < after.Length; i++)
            {
                var from = i < before.Length ? before[i] : null;
                if (from != after[i])
                    Taken.Add($"Approval {from?.State ?? ApprovalState.None} -{e.GetType().Name}-> {after[i].State}");
            }
        }
    }
}
