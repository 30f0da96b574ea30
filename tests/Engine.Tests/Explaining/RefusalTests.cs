using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Reference;
using Amoe.Engine.Tests.Domain;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>
/// The refusal of a command names what it rests on: the value of the rulebook and its date, or the fact on record (X8).
/// </summary>
public sealed class RefusalTests
{
    private const ulong Claim = 501;
    private const ulong Approval = 70;

    private static readonly Command[] Accepted = Say.IsAccepted("2023-10-02");
    private static readonly Command[] PrivateAccepted = Say.IsAccepted("2023-10-02", Say.Private());
    private static readonly Command[] Deposited = [
        .. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05", paid: 10_000))
    ];
    private static readonly Command[] Received = [.. Deposited, Say.Receives("2023-11-25", Claim)];
    private static readonly Command[] Ordered = [.. Received, Say.Orders("2023-12-01", Claim)];
    private static readonly Command[] Paid = [.. Ordered, Say.Confirms("2023-12-08", Claim)];
    private static readonly Command[] OwedBack = [
        .. Paid, Say.HasOtherCoverage(from: "2023-11-01", known: "2024-03-15")
    ];

    private static readonly DepositClaim Incomplete =
        Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05")) with
        {
            Items = FileItems.All & ~FileItems.PractitionerInpe
        };

    // Reason, the story that ends with the refused command, what its grounds say.
    private static readonly (Reason Reason, Command[] Story, string Ground)[] Refusals =
    [
        (Reason.AlreadyDeclared, [.. Accepted, Say.Declares("2023-10-20")],
            "application on record for 2023-2024: accepted"),
        (Reason.NotDeclared, [Say.Forwards("2023-10-02")],
            "before 2 October 2023 no declaration and no registration of the student is on record"),
        (Reason.NoApplication, [Say.Declares("2023-10-02", coverage: CoverageKind.Cnss), Say.Forwards("2023-10-03")],
            "declaration for 2023-2024 of other coverage, CNSS"),
        (Reason.AlreadyForwarded, [.. Accepted[..2], Say.Forwards("2023-10-05")],
            "2 October 2023: application forwarded to ONOUSC"),
        (Reason.NotForwarded, [Accepted[0], Say.Transmits("2023-10-05")],
            "application on record for 2023-2024: declared"),
        (Reason.NotWithAnam, [.. Accepted[..2], Say.AnamFinds("2023-10-05")],
            "application on record for 2023-2024: forwarded"),
        (Reason.WrongApplicationDesk, [Accepted[0], Say.Forwards("2023-10-05", ApplicationDesk.Ofppt)],
            "applications of this category, public universities, go through ONOUSC (D2)"),
        (Reason.WrongApplicationDesk, [Accepted[0], Say.Forwards("2023-10-05", ApplicationDesk.Ofppt)],
            "in the command, desk of the application: OFPPT"),
        (Reason.AlreadyRegistered, [.. Accepted, Say.CarriesOver("2023-10-05", "2023-09-01", 2023)],
            "application for 2023-2024 accepted"),
        (Reason.NeverRegistered, [.. Accepted[..3], Say.Resends("2023-10-05", 2023)],
            "no right of any year is on record (D7)"),
        (Reason.YearIsOver, [.. Accepted, Say.Declares("2023-11-05", year: 2022)], "year on record: 2023-2024"),
        (Reason.YearIsOver, [.. Accepted, Say.Declares("2023-11-05", year: 2022)],
            "in the command, academic year: 2022-2023"),
        (Reason.NoPaymentElsewhere, [.. PrivateAccepted, Say.ShowsReceipt("2023-10-05", 22)],
            "for 2023-2024 no payment is on record"),
        (Reason.NoPaymentElsewhere, [.. PrivateAccepted, Say.ShowsReceipt("2023-10-05", 22)],
            "in the command, institution: 22"),
        (Reason.NoPaymentElsewhere, [.. PrivateAccepted, Say.Pays("2023-10-04"), Say.ShowsReceipt("2023-10-05", 11)],
            "paid to institution 11: 400.00 MAD"),
        (Reason.ContributionAlreadyPaid,
            [
                .. PrivateAccepted, Say.Pays("2023-10-04"), Say.ShowsReceipt("2023-10-05", 22),
                Say.ShowsReceipt("2023-10-06", 23)
            ],
            "exempts from paying at institution 22"),
        (Reason.FactUnknown,
            [
                .. Accepted, Say.Interrupts("2023-11-10"),
                Say.TakesBack(CommandKind.InterruptStudies, "2023-11-12", "2023-12-01")
            ],
            "dated 12 November 2023, is on record"),
        (Reason.FactUnknown,
            [
                .. Accepted, Say.Interrupts("2023-11-10"),
                Say.TakesBack(CommandKind.InterruptStudies, "2023-11-12", "2023-12-01")
            ],
            "in the command, kind of fact: interruption of studies"),
        (Reason.FactUnknown,
            [
                .. Accepted, Say.Interrupts("2023-11-10"),
                Say.TakesBack(CommandKind.InterruptStudies, "2023-11-12", "2023-12-01")
            ],
            "studies interrupted from 10 November 2023"),
        (Reason.CoverageNotNamed,
            [
                .. Accepted, Say.HasOtherCoverage("2023-11-01", "2023-11-10"),
                Say.LosesOtherCoverage("2023-12-01", "2023-12-02", CoverageKind.None)
            ],
            "ANAM reported other coverage, CNSS"),
        (Reason.FactNotCorrectable, [.. Accepted, Say.TakesBack(CommandKind.Declare, "2023-10-02", "2023-12-01")],
            "kinds of fact that can be corrected: report of other coverage; end of other coverage;"),
        (Reason.FactNotCorrectable, [.. Accepted, Say.TakesBack(CommandKind.Declare, "2023-10-02", "2023-12-01")],
            "in the command, kind of fact: declaration"),
        (Reason.ApprovalAlreadyRequested,
            [
                .. Accepted, Say.AsksApproval("2023-10-20", Approval),
                Say.AsksApproval("2023-10-21", Approval, units: 3) with { Attempt = 1 }
            ],
            "20 October 2023: prior approval 70 requested: physiotherapy, 10 units"),
        (Reason.ApprovalUnknown, [.. Accepted, Say.ControlGrants("2023-10-21", Approval, 3)],
            "no request 70 is on record"),
        (Reason.ApprovalUnknown,
            [.. Accepted, Say.AsksApproval("2023-10-20", 71), Say.ControlGrants("2023-10-21", Approval, 3)],
            "those of the student are 71"),
        (Reason.ApprovalAlreadyDecided,
            [
                .. Accepted, Say.AsksApproval("2023-10-20", Approval), Say.ControlGrants("2023-10-21", Approval, 3),
                Say.ControlGrants("2023-10-22", Approval, 4) with { Attempt = 1 }
            ],
            "21 October 2023: prior approval 70 granted: 3 units"),
        (Reason.ApprovalNotNeeded, [.. Accepted, Say.AsksApproval("2023-10-20", Approval, Act.Specialist)],
            "acts that need prior approval or cover, on 20 October 2023: physiotherapy;"),
        (Reason.ApprovalNotNeeded, [.. Accepted, Say.AsksApproval("2023-10-20", Approval, Act.Specialist)],
            "in the command, act: specialist"),
        (Reason.NoRightToCertify, [.. Accepted[..3], Say.AsksCertificate("2023-10-20")],
            "On 20 October 2023 the student is not entitled to benefits: no right was ever opened"),
        (Reason.NoRightToCertify, [.. Accepted, Say.AsksCertificate("2024-08-20")],
            "20 August 2024 lies in the grace, for which no certificate is issued (D5)"),
        (Reason.StudentUnknown, [Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05"))],
            "before 20 November 2023 no declaration and no registration of the student is on record"),
        (Reason.ClaimAlreadyDeposited,
            [.. Deposited, Say.Deposits("2023-11-21", Claim, Say.Care("2023-11-05")) with { Attempt = 1 }],
            "Claim 501, deposited on 20 November 2023: deposited"),
        (Reason.ClaimUnknown, [.. Accepted, Say.Receives("2023-11-20", Claim)],
            "no claim 501 was deposited before 20 November 2023"),
        (Reason.WrongClaimDesk,
            [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05")) with { Desk = Ofppt }],
            "files of this category, public universities, go to: the fund, by post or at a regional office; ONOUSC"),
        (Reason.WrongClaimDesk,
            [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05")) with { Desk = Ofppt }],
            "in the command, deposit desk: OFPPT"),
        (Reason.PatientNotStudent,
            [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05")) with { PatientIsStudent = false }],
            "the file names another patient than student 7"),
        (Reason.CareAfterDeposit, [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-21"))],
            "deposited on 20 November 2023: a line of the file has a later date of care"),
        (Reason.CareAfterDeposit, [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-21"))],
            "in the command, date of care: 21 November 2023"),
        (Reason.TooManyLines, [.. Accepted, Say.Deposits("2023-11-20", Claim)], "at most 32 lines (K5)"),
        (Reason.TooManyLines, [.. Accepted, Say.Deposits("2023-11-20", Claim)], "in the command, number of lines: 0"),
        (Reason.ClaimNotReturned, [.. Deposited, Say.Completes("2023-11-25", Claim, FileItems.Invoice)],
            "Claim 501, deposited on 20 November 2023: deposited"),
        (Reason.ClaimNotComplete, [.. Accepted, Incomplete, Say.Receives("2023-11-25", Claim)],
            "missing: practitioner's INPE (K5)"),
        (Reason.ClaimAlreadyReceived, [.. Received, Say.Receives("2023-11-26", Claim) with { Attempt = 1 }],
            "25 November 2023: received by the fund"),
        (Reason.NothingToPay,
            [
                .. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05", Act.Veneer)),
                Say.Receives("2023-11-25", Claim), Say.Orders("2023-12-01", Claim)
            ],
            "nothing payable, amount payable 0.00 MAD"),
        (Reason.PaymentUnknown, [.. Ordered, Say.Confirms("2023-12-08", Claim, payment: 2)],
            "in the command, number of the payment: 2"),
        (Reason.PaymentAlreadyOrdered, [.. Ordered, Say.Orders("2023-12-02", Claim) with { Attempt = 1 }],
            "1 December 2023: payment 1 ordered: 64.00 MAD"),
        (Reason.PaymentNotOrdered, [.. Received, Say.Confirms("2023-12-02", Claim)],
            "no payment of claim 501 is on record"),
        (Reason.ClaimClosed, [.. Paid, Say.Confirms("2023-12-09", Claim) with { Attempt = 1 }],
            "8 December 2023: payment 1 made: 64.00 MAD"),
        (Reason.ClaimNotHeld, [.. Received, Say.Reviews("2023-12-02", Claim)], "claim 501 was never held"),
        (Reason.NothingToAppeal, [.. Received, Say.Appeals("2023-12-02", Claim)],
            "each line was paid as priced: 1 line, none refused or cut"),
        (Reason.AlreadyAppealed, [.. OwedBack, Say.Appeals("2024-04-01", Claim), Say.Appeals("2024-04-02", Claim, 1)],
            "1 April 2024: appealed"),
        (Reason.NotAppealed, [.. OwedBack, Say.DecidesAppeal("2024-04-02", Claim, granted: true)],
            "no appeal of claim 501 is on record"),
        (Reason.NoPaymentToReturn, [.. Received, Say.ComesBack("2023-12-02", Claim)],
            "no payment of claim 501 is on record"),
        (Reason.NoPaymentReturned, [.. Paid, Say.Reissues("2023-12-12", Claim)],
            "8 December 2023: payment 1 made: 64.00 MAD"),
        (Reason.NothingToRecover, [.. Paid, Say.Recovers("2023-12-12", Claim, 100)],
            "nothing was ever owed back on claim 501"),
        (Reason.NothingToRecover, [.. Paid, Say.Recovers("2023-12-12", Claim, 100)],
            "in the command, amount: 1.00 MAD"),
        (Reason.RecoveryTooHigh, [.. OwedBack, Say.Recovers("2024-04-02", Claim, 6_401)],
            "owed back: 64.00 MAD; settled − payable: 64.00 − 0.00 = 64.00 (X7)"),
        (Reason.RecoveryTooHigh, [.. OwedBack, Say.Recovers("2024-04-02", Claim, 6_401)],
            "in the command, amount: 64.01 MAD"),
        (Reason.NothingToReopen, [.. OwedBack, Say.Appeals("2024-04-01", Claim), Say.Reopens("2024-04-02", Claim)],
            "1 April 2024: appealed"),
        (Reason.Malformed, [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05", quantity: 10_001))],
            "a quantity from 1 to 10,000, amounts of at most 1,000,000.00 MAD"),
        (Reason.Malformed, [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05", quantity: 10_001))],
            "in the command, quantity: 10,001"),
        (Reason.Malformed, [.. Accepted, Say.AsksApproval("2023-11-20", Approval, units: 0)],
            "of an approval: at most 10,000 units"),
        (Reason.Malformed, [.. Accepted, Say.AsksApproval("2023-11-20", Approval, units: 0)],
            "in the command, units: 0 units"),
        (Reason.Malformed, [.. Accepted, Say.Exempts("2023-11-20", "2023-12-20", illness: 0)],
            "number of the illness on the list: from 1 to 999"),
        (Reason.Malformed, [.. Accepted, Say.Exempts("2023-11-20", "2023-12-20", illness: 0)],
            "in the command, number of the illness: 0"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Interrupts("2015-12-31", known: "2023-11-20")],
            "effective date 31 December 2015: it must lie from 1 January 2016 to 31 December 2100"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Interrupts("2024-11-21", known: "2023-11-20")],
            "effective date 21 November 2024, known on 20 November 2023: 367 days ahead, more than 366 days"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2015-12-31"))],
            "date of care: no line may have one before 1 January 2016"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Deposits("2023-11-20", Claim, Say.Care("2015-12-31"))],
            "in the command, date of care: 31 December 2015"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Exempts("2023-11-20", "2023-11-19")],
            "last day of the exemption: it must lie from 20 November 2023 to 31 December 2100"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Exempts("2023-11-20", "2023-11-19")],
            "in the command, last day of the exemption: 19 November 2023"),
        (Reason.DateOutOfBounds, [Say.Declares("2023-11-20", Say.Public("2014-01-01"))],
            "the age must be from 10 years to 100 years"),
        (Reason.DateOutOfBounds, [Say.Declares("2023-11-20", Say.Public("2014-01-01"))],
            "in the command, date of birth: 1 January 2014"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Pays("2023-11-20", year: 2020)],
            "academic year: it must be at most 2 years from 20 November 2023"),
        (Reason.DateOutOfBounds, [.. Accepted, Say.Pays("2023-11-20", year: 2020)],
            "in the command, academic year: 2020-2021"),
    ];

    public static TheoryData<int, Reason> Indices
    {
        get
        {
            var data = new TheoryData<int, Reason>();
            for (var i = 0; i < Refusals.Length; i++)
                data.Add(i, Refusals[i].Reason);
            return data;
        }
    }

    private static int Ofppt => ReferenceData.Desks.First(desk => desk.Network == DeskNetwork.Ofppt).Id;

    [Theory]
    [MemberData(nameof(Indices))]
    public void The_grounds_name_the_value_or_the_fact_it_rests_on(int index, Reason reason)
    {
        var (_, story, ground) = Refusals[index];
        using var journal = Recorded.Journal("2024-10-30", story);
        var reading = new Explainer(journal).Read(Say.Student);
        var refused = reading.Entries.Last(entry => entry.Header.Outcome == Outcome.Refused);

        Assert.Equal(reason, refused.Header.Reason);
        var node = new Explanation(Keys.StudentFacts).For(CommandRefusals.GroundsOf(reading, refused));
        var lines = ExplanationText.Lines(node, Language.En).ToList();
        Assert.True(
            lines.Exists(line => line.Contains(ground, StringComparison.Ordinal)),
            $"«{ground}» not in:\n{string.Join('\n', lines)}");
    }

    [Fact]
    public void Every_reason_a_command_can_be_refused_with_has_a_story()
    {
        Reason[] notOfCommands =
        [
            // Of an application that ANAM answered, of a file that is returned, of a claim that is held.
            Reason.CycleNotEligible, Reason.OverAge, Reason.CoveredByCnops, Reason.CoveredByCnss, Reason.CoveredByRamed,
            Reason.CoveredByArmedForces, Reason.CoveredByArticle114,
            Reason.CoveredByOtherScheme, Reason.MissingItems, Reason.LateFiling, Reason.PossibleDuplicate,
            Reason.PhysicianReview,

            // Of money, which is held and never refused (C5).
            Reason.ContributionNotDue, Reason.ContributionWrongAmount, Reason.ContributionAlreadyReceived,
            Reason.ContributionTooEarly, Reason.ContributionWithoutRight,
        ];
        var explained = Refusals.Select(refusal => refusal.Reason).Concat(notOfCommands).ToHashSet();

        Assert.Equal(
            [],
            Enum.GetValues<Reason>()
                .Where(reason => reason is not Reason.None and < Reason.NeverEntitled)
                .Except(explained));
    }

    [Fact]
    public void The_pages_of_a_student_and_of_a_claim_show_the_grounds_of_their_refusals()
    {
        using var journal = Recorded.Journal(
            "2024-10-30",
            [
                .. Ordered, Say.Orders("2023-12-02", Claim) with { Attempt = 1 }, Say.ShowsReceipt("2023-12-03", 22),
                Say.Deposits("2023-12-04", 600, Say.Care("2023-11-05")) with { Desk = Ofppt }
            ]);
        var reading = new Explainer(journal).Read(Say.Student);

        var claim = ExplanationText.Lines(Explainer.Claim(reading, Claim), Language.En).ToList();
        AssertFollows(
            claim, "refused (payment order): the payment was ordered already",
            "Claim 501, deposited on 20 November 2023: payment ordered");
        var student = ExplanationText.Lines(Explainer.Student(reading, reading.KnownOn), Language.En).ToList();
        AssertFollows(
            student, "refused (receipt of another institution presented): nothing was paid at another institution",
            "for 2023-2024 no payment is on record");
        AssertFollows(
            student, "claim 600: refused (deposit of a claim): not the deposit desk of this claim",
            "files of this category, public universities, go to:");
    }

    [Fact]
    public void The_kinds_of_fact_that_can_be_corrected_are_those_the_engine_corrects()
    {
        CommandKind[] kinds = [.. Enum.GetValues<CommandKind>().Where(kind => kind != CommandKind.None)];
        using var journal = Recorded.Journal(
            "2024-10-30", [.. Accepted, .. kinds.Select(kind => Say.TakesBack(kind, "2023-10-02", "2023-12-01"))]);
        var refused = new Explainer(journal)
            .Read(Say.Student).Entries
            .Where(entry => entry.Header.Kind == CommandKind.CorrectFact)
            .Select(entry => entry.Header.Reason);

        var corrected = kinds.Zip(refused)
            .Where(pair => pair.Second != Reason.FactNotCorrectable)
            .Select(pair => pair.First);
        Assert.Equal(CommandRefusals.Correctable.Order(), corrected.Order());
    }

    [Fact]
    public void A_reply_names_the_rule_its_reason_rests_on()
    {
        Assert.Equal("C2", new Reply(default, Outcome.Refused, Reason.ContributionWrongAmount).Rule);
        Assert.Equal("", new Reply(default, Outcome.Done).Rule);
    }

    private static void AssertFollows(List<string> lines, string refusal, string ground)
    {
        var at = lines.FindIndex(line => line.Contains(refusal, StringComparison.Ordinal));
        Assert.True(
            at > 0 && lines[at + 1].Contains(ground, StringComparison.Ordinal),
            $"«{ground}» does not follow «{refusal}» in:\n{string.Join('\n', lines)}");
    }
}
