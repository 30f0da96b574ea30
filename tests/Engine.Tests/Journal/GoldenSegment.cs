using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What Golden/v2-segment.golden holds: every type of event, and every shape of a record's header.</summary>
internal static class GoldenSegment
{
    public const int Partition = 17;
    public const long Offset = 123_456_789;
    public const long Epoch = 5;
    public const ulong Sheet = 900_001;

    public static readonly DateOnly Day = new(2023, 11, 20);
    private static readonly StudentId Student = new(0xFEDC_BA98_7654_3210);
    private static readonly EnrolmentRecord Enrolment = new(
        Category.PrivateVocational, Cycle.SpecialisedTechnician, true, 4_242, new DateOnly(2004, 2, 29), true);

    public static Event[] StudentEvents { get; } =
    [
        new CommandRefused(Reason.CareAfterDeposit, CommandField.CareDate, Day.AddDays(1).DayNumber),
        new RegistrationCarriedOver(
            Enrolment with { HasBankAccount = false }, 2022, new(2022, 9, 1), new(2023, 7, 31), new(2024, 1, 31)),
        new DeclarationRecorded(Enrolment with { PaidTrack = false }, CoverageKind.ArmedForces, 2023, Day),
        new ApplicationForwarded(ApplicationDesk.AnamPortal),
        new ApplicationSentToAnam(),
        new ApplicationAccepted(2023, Day, new(2024, 7, 31), new(2025, 1, 31), Day.AddDays(30), 40_000),
        new ApplicationAccepted(2023, Day, new(2024, 7, 31), new(2025, 1, 31), null),
        new ApplicationRefused(2023, Reason.CoveredByArticle114),
        new RegistrationResent(2024, Day.AddDays(300)),
        new ContributionPaid(40_000, 4_242, 2023, Day.AddDays(-5)),
        new ContributionReceived(40_000, Day.AddDays(-3), 2023),
        new ContributionWaived(4_243),
        new ContributionHeld(40_000, 2023, Reason.ContributionAlreadyPaid),
        new OtherCoverageReported(CoverageKind.Ramed, Day.AddDays(-40), true),
        new OtherCoverageEnded(Day.AddDays(-1)),
        new StudiesInterrupted(Day, InterruptionReason.Work, new(2024, 5, 20)),
        new InterruptionReasonChanged(Day.AddDays(1), InterruptionReason.ReferralToCourts, null),
        new StudiesResumed(Day.AddDays(2)),
        new RightSuspended(SuspensionCause.Interruption, Day),
        new RightResumed(SuspensionCause.Contribution, Day),
        new RightLapsed(2022, new(2024, 2, 1)),
        new ExemptionDecided(true, 41, Day, Day.AddYears(1), Supersedes: false),
        new ApprovalRequested(77_001, Act.Physiotherapy, 300, Day.AddDays(-2)),
        new ApprovalDecided(77_001, 200, Day, Day.AddDays(89)),
        new ApprovalDecided(77_001, 150, Day, null),
        new ApprovalDecisionTakenBack(77_001, Day),
        new ApprovalUsed(77_001, Sheet, 12),
        new ApprovalUnitsRevised(77_001, Sheet, 7),
        new ApprovalLapsed(77_001, Day.AddDays(90)),
        new CertificateIssued(new(2024, 7, 31)),
        new ContributionReleased(40_000, 2022),
        new SuspensionsRevised(
            SuspensionCause.OtherCoverage, [new(Day.AddDays(-400), Day.AddDays(-100)), new(Day, null)]),
        new SuspensionsRevised(SuspensionCause.Contribution, []),
        new FactCorrected(CommandKind.ReceiveContribution, Day.AddDays(-3), 40_000),
        new ClockMissed(Clock.ProviderPayment, 61, 60),
        new FurtherEnrolmentRecorded(
            Enrolment with { Institution = 4_243 }, 2023, Day.AddDays(40), Day.AddDays(70), 40_000),
        new ReceiptCorrected(2023, Day.AddDays(-3), 40_000),
    ];

    /// <summary>What the second version of events added.</summary>
    public static Event[] Added { get; } =
    [
        new DeclarationRecorded(Enrolment, CoverageKind.OtherScheme, 2023, Day, CoverageHolder.Other),
        new OtherCoverageReported(CoverageKind.Article114, Day.AddDays(-40), false, CoverageHolder.Mother),
        new OtherCoverageEnded(Day.AddDays(-1), CoverageKind.Cnss, CoverageHolder.Father, CoverageSource.Inferred),
        new StudiesInterrupted(Day, InterruptionReason.Illness, null, Pauses: true),
        new InterruptionReasonChanged(Day.AddDays(1), InterruptionReason.ReferralToCourts, null, Pauses: true),
        new ExemptionDecided(false, 41, Day, Day.AddYears(1)),
        new FactTakenBack(CommandKind.EndOtherCoverage, Day.AddDays(-1), CoverageKind.Cnss, CoverageHolder.Father),
        new ClaimAdjudicated(Sheet, [new(Reason.None, 80_000), new(Reason.ActNotCovered, 0)], 0x8000_0001),
        new ClaimRevised(
            Sheet, RevisionCause.LateFact, 20_000, [new(Reason.None, 80_000)],
            [new(Reason.ApprovalCoversLess, 100_000, 20_000)]),
        new PaymentOrdered(Sheet, 20_000, Day, PaymentMethod.PostalOrder, 2, Payee.Student),
        new PaymentReissued(Sheet, 20_000, Day, PaymentMethod.BankTransfer, 3, Payee.Student),
        new OverpaymentRaised(Sheet, 20_000, Payee.Student),
        new OverpaymentRecovered(Sheet, 9_000, false, Payee.Student),
        new OverpaymentRecovered(Sheet, 1_000, true, Payee.Student),
        new OverpaymentCancelled(Sheet, 10_000, Payee.Student),
        new ClaimRecalled(
            Sheet, ClaimWay.ThirdParty, FileItems.All, 900, Day.AddDays(-30), Day.AddDays(-20), ClaimMarks.None, 0, 0,
            100_000,
            [
                new(80_000, Day.AddDays(-3), PaymentMethod.BankTransfer, PaymentState.Confirmed),
                new(20_000, Day, PaymentMethod.PostalOrder, PaymentState.Confirmed, Payee.Student)
            ],
            [new(Act.Biology, CareSector.Private, Day.AddDays(-40), 80, 8_800, 0)], [new(Reason.None, 100_000, 20_000)],
            1, 20_000),
    ];

    public static Event[] ClaimEvents { get; } =
    [
        new ClaimDeposited(Sheet, ClaimWay.ThirdParty, 46, 900, FileItems.All & ~FileItems.Invoice, Day,
        [
            new(Act.Biology, CareSector.Private, Day.AddDays(-10), 80, 8_800, 0),
            new(
                Act.CareAbroad, CareSector.Abroad, Day, 65_535, uint.MaxValue, uint.MaxValue - 1,
                Circumstances.AbroadJustified | Circumstances.Emergency),
            new(
                Act.HospitalStay, CareSector.Public, Day.AddDays(-400), 1, 0, 1,
                Circumstances.ContractedClinic | Circumstances.Ophthalmologist),
        ]),
        new ClaimReturned(Sheet, FileItems.Invoice | FileItems.StudentName),
        new ClaimCompleted(
            Sheet, FileItems.SupportingPapers,
            [new(Act.OrdinaryMedicine, CareSector.Private, Day.AddDays(-10), 2, 8_800, 9_000, GenericCentimes: 7_000)]),
        new ClaimReceived(Sheet, Day),
        new ClaimAdjudicated(
            Sheet,
            [new(Reason.None, 7_040), new(Reason.ApprovalCoversLess, uint.MaxValue), new(Reason.ActNotCovered, 0)]),
        new PaymentOrdered(Sheet, 7_040, Day.AddDays(-1), PaymentMethod.PostalOrder, 1),
        new PaymentMade(Sheet, 8_000_000_000, Day.AddDays(30), 2),
        new ClaimHeld(Sheet, true),
        new ClaimReleased(Sheet, false),
        new ClaimAppealed(Sheet),
        new AppealDecided(Sheet, true),
        new PaymentReturned(Sheet, 7_040, true, 1),
        new PaymentReissued(Sheet, 7_041, Day, PaymentMethod.BankTransfer, 300),
        new OverpaymentRaised(Sheet, 64),
        new OverpaymentRecovered(Sheet, 63, true),
        new ClaimReopened(Sheet),
        new DuplicatesFound(Sheet, 1, 0x8000_0000),
        new ClaimRevised(
            Sheet, RevisionCause.LateFact, 7_041, [new(Reason.CareAfterRight, 0)], [new(Reason.None, 7_041)]),
        new PaymentSetOff(Sheet, 65, Sheet + 2),
        new OverpaymentRecovered(Sheet + 2, 65, true),
        new OverpaymentCancelled(Sheet, 66),
        new ClaimRecalled(
            Sheet - 1, ClaimWay.ThirdParty, FileItems.All & ~FileItems.Invoice, 900, Day.AddDays(-30), Day.AddDays(-20),
            ClaimMarks.ReviewAsked | ClaimMarks.Appealed, 2, 4, -5,
            [new(7_041, Day.AddDays(-3), PaymentMethod.PostalOrder, PaymentState.Returned)],
            [new(Act.Biology, CareSector.Private, Day.AddDays(-40), 80, 8_800, 0)], [new(Reason.None, 7_040)]),
    ];

    public static Event[] PartyEvents { get; } =
    [
        new PostingsTaken([.. Enumerable.Repeat(330L, 200), 0, 331, .. Enumerable.Repeat(long.MaxValue, 3)]),
        new InstitutionBooked(PartyId.Institution(4_242), 80_000, -40_000),
        new PaymentRunBooked(
            PartyId.RunOf(Day), PaymentMethod.PostalOrder, new PaymentFigures(3, 21_120, 0, 0, 1, 7_040, 0, 0)),
        new ProviderBooked(PartyId.Provider(900), new PaymentFigures(1, 2, 3, 4, 5, 6, 7, 8_000_000_000)),
        new ProviderOverpaid(PartyId.Provider(900), Student, Sheet, 7_040),
        new ProviderDebtCancelled(PartyId.Provider(900), Student, Sheet, 40),
        new ProviderRepaid(PartyId.Provider(900), Student, Sheet, 1_000),
        new ProviderSetOff(PartyId.Provider(900), Student, Sheet, 128, 6_000, Day.AddDays(5)),
        new ProviderSetOffSettled(PartyId.Provider(900), Student, Sheet, 128, 6_000),
        new ProviderSetOffReleased(PartyId.Provider(int.MaxValue), Student, Sheet, 255, 6_000),
    ];

    public static Recorded[] Records { get; } =
    [
        new(RecordHeader.Mark(CommandKind.OpenDay, Day), []),
        new(RecordHeader.Due(Student, Day), [new RightLapsed(2022, Day)]),
        .. StudentEvents.Select((e, i) => new Recorded(Header(CommandKind.Declare, 1_000 + (ulong)i), [e])),
        new(Header(CommandKind.ReceiveClaim, Sheet), ClaimEvents),
        new(Header(CommandKind.CompleteClaim, Sheet) with { Id = new(CommandKind.CompleteClaim, Sheet, 255) }, []),
        new(
            Header(CommandKind.AnswerFromAnam, CommandId.ReferenceLimit - 1) with
            {
                Effective = Day.AddDays(-30),
                Known = Day.AddDays(-2)
            }, [StudentEvents[5]]),
        new(
            Header(CommandKind.AnswerFromAnam, 0) with
            {
                Effective = Day.AddDays(40),
                Outcome = Outcome.ApplicationRefused,
                Reason = Reason.CoveredByCnss,
                Student = new(1)
            }, StudentEvents[7..9]),
        new(
            Header(CommandKind.Declare, 3) with
            {
                Outcome = Outcome.Refused,
                Reason = Reason.AlreadyDeclared,
                Fingerprint = uint.MaxValue
            }, [new CommandRefused(Reason.AlreadyDeclared)]),
        new(RecordHeader.Mark(CommandKind.TakePostings, Day), PartyEvents),
        new(RecordHeader.Mark(CommandKind.CloseDay, Day.AddDays(1)), []),
        new(
            RecordHeader.Mark(CommandKind.AdoptRulebook, Day.AddDays(1)),
            [new RulebookAdopted(3, new RulebookHash(0x0123_4567_89AB_CDEF))]),
    ];

    /// <summary>With those of the second version, and the mark that partitions begin with.</summary>
    public static Recorded[] AllRecords { get; } =
    [
        .. Records,
        .. Added.Select((e, i) => new Recorded(Header(CommandKind.Declare, 2_000 + (ulong)i), [e])),
        new(
            RecordHeader.Mark(CommandKind.StartIncarnation, Day.AddDays(1)),
            [new IncarnationStarted(7, 1_795_860_000_000, "hôte-1", "0.1.0+2fe6498")]),
    ];

    public static Segment Written()
    {
        var writer = new SegmentWriter();
        writer.Begin(Day);
        foreach (var record in AllRecords)
            writer.Append(record.Header, record.Events, null);
        return writer.Seal(Partition, Offset, Epoch);
    }

    private static RecordHeader Header(CommandKind kind, ulong reference) =>
        new(kind, Student, new CommandId(kind, reference), 0xDEAD_BEEF, Day, Day, Outcome.Done, Reason.None);
}
