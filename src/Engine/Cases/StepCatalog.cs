using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Cases;

/// <summary>One thing that can happen in a case.</summary>
/// <param name="What">Its name: that of its command as a journal shows it, or a shorthand's.</param>
/// <param name="Text">What it means, for a person.</param>
/// <param name="Keys">What a step may say beside <see cref="StepReader.CommonKeys"/>.</param>
/// <param name="Commands">Makes its commands.</param>
internal sealed record StepDefinition(
    string What, string Text, string[] Keys, Func<StepReader, IEnumerable<Command>> Commands);

/// <summary>
/// Everything that can happen in a case: every command of the scheme by its name, and shorthands for what is usual.
/// </summary>
internal static class StepCatalog
{
    private const int UsualIllness = 5;

    public static readonly string[] EnrolmentKeys = [
        "category", "cycle", "born", "paid_track", "institution", "bank_account"
    ];

    public static IReadOnlyList<StepDefinition> All { get; } =
    [
        // The student.
        Of(
            "carry_over_registration", "Last year's registration, brought over",
            [.. EnrolmentKeys, "year", "right_from"], CarryOver),
        Of(
            "declare", "The yearly declaration; effective on the day of enrolment",
            [.. EnrolmentKeys, "year", "coverage", "holder"], s => Declare(s, s.On)),
        Of(
            "forward_application", "The institution sends the application to a desk, the right one if not said",
            ["desk"], Forward),
        Of("transmit_application", "The desk transmits it to the fund, and the fund to ANAM", [], Transmit),
        Of("answer_from_anam", "ANAM's answer: the other coverage it found, or none", ["coverage", "holder"], Answer),
        Of(
            "resend_registration", "The university re-sends the file of a student registered before", ["year"],
            s =>
                s.Make(id =>
                    new ResendRegistration(id, s.Next(CommandKind.ResendRegistration), s.On, s.Known, s.Year()))),
        Of(
            "pay_contribution", "The student pays his institution, the amount due if not said",
            ["amount", "institution", "year"], Pay),
        Of("receive_contribution", "The fund receives the contribution", ["amount", "year"], Receive),
        Of(
            "present_receipt", "The receipt is shown to a second institution", ["institution"],
            s =>
                s.Make(id =>
                    new PresentReceipt(id, s.Next(CommandKind.PresentReceipt), s.On, s.Known, s.Institution()))),
        Of("report_other_coverage", "Other coverage is reported, from its first day", [
            "coverage", "holder", "by_anam"
        ], s => s.Make(id =>
            new ReportOtherCoverage(
                id, s.Next(CommandKind.ReportOtherCoverage), s.On, s.Known, s.Fields.Name<CoverageKind>("coverage"),
                s.Fields.Truth("by_anam", true), s.Holder()))),
        Of("end_other_coverage", "An other coverage ended; effective on its last day", [
            "coverage", "holder", "by_anam"
        ], s => s.Make(id => new EndOtherCoverage(
            id, s.Next(CommandKind.EndOtherCoverage), s.On, s.Known, s.Fields.Name("coverage", CoverageKind.None),
            s.Holder(), s.Fields.Truth("by_anam", true)))),
        Of("interrupt_studies", "Studies are interrupted, from the first day without; no reason is one that excuses nothing", [
            "reason"
        ], s => s.Make(id =>
            new InterruptStudies(
                id, s.Next(CommandKind.InterruptStudies), s.On, s.Known,
                s.Fields.Name("reason", InterruptionReason.None)))),
        Of("change_interruption_reason", "The reason of the interruption changes", ["reason"], s => s.Make(id =>
            new ChangeInterruptionReason(
                id, s.Next(CommandKind.ChangeInterruptionReason), s.On, s.Known,
                s.Fields.Name("reason", InterruptionReason.None)))),
        Of(
            "resume_studies", "Studies are resumed; effective on the first day back", [],
            s => s.Make(id => new ResumeStudies(id, s.Next(CommandKind.ResumeStudies), s.On, s.Known))),
        Of("decide_exemption", "The medical control decides on exemption from the patient's share, from a day until its last", [
            "granted", "illness", "until"
        ], s => s.Make(id => new DecideExemption(
            id, s.Next(CommandKind.DecideExemption), s.On, s.Known, s.Fields.Truth("granted", true),
            (int)s.Fields.Whole("illness", UsualIllness, 1, int.MaxValue), s.Fields.Date("until")))),
        Of(
            "request_approval", "Approval, or a clinic's cover, is asked of the medical control",
            ["approval", "act", "units"], s => Request(s, s.On)),
        Of(
            "decide_approval", "The medical control decides: units granted, 0 refuses", ["approval", "units"],
            s => Decide(s, s.Fields.Whole("units", 0, int.MaxValue))),
        Of(
            "issue_certificate", "A certificate of registration is asked for", [],
            s => s.Make(id => new IssueCertificate(id, s.Next(CommandKind.IssueCertificate), s.On, s.Known))),
        Of("correct_fact", "A fact of this day was wrong: it is taken back", [
            "fact", "coverage", "holder", "approval"
        ], s => s.Make(id => new CorrectFact(
            id, s.Next(CommandKind.CorrectFact), s.On, s.Known, s.Fields.Name<CommandKind>("fact"),
            s.Fields.Name("coverage", CoverageKind.None), s.Holder(),
            (ulong)s.Fields.Whole("approval", 0, 1, 1_000_000)))),

        // A claim.
        Of("deposit_claim", "A claim file is deposited at a desk", ClaimFileReader.FileKeys, s => s.Deposit()),
        Of("complete_claim", "What was missing is brought", [
            "claim", "brings", "lines"
        ], s => s.Make(id => new CompleteClaim(
            id, s.Claim(), s.On, s.Known, s.Fields.Flags<FileItems>("brings"),
            s.Fields.Has("lines") ? ClaimFileReader.Lines(s.Fields, s.On) : null))),
        Of("receive_claim", "The fund receives the file and adjudicates it", ["claim"], ReceiveClaim),
        Of("order_payment", "A payment run orders the payment", ["claim"], OrderPayment),
        Of("confirm_payment", "The bank or the post confirms it", ["claim", "payment"], ConfirmPayment),
        Of(
            "review_claim", "The physician decides on a held claim", ["claim", "granted"],
            s => s.Make(id => new ReviewClaim(id, s.Claim(), s.On, s.Known, s.Fields.Truth("granted", true)))),
        Of(
            "resolve_duplicate", "It is decided whether a held claim is a duplicate", ["claim", "is_duplicate"],
            s =>
                s.Make(id => new ResolveDuplicate(id, s.Claim(), s.On, s.Known, s.Fields.Truth("is_duplicate", true)))),
        Of(
            "appeal_claim", "The claim is appealed", ["claim"],
            s => s.Make(id => new AppealClaim(id, s.Claim(), s.On, s.Known))),
        Of(
            "decide_appeal", "The appeal is decided", ["claim", "granted"],
            s => s.Make(id => new DecideAppeal(id, s.Claim(), s.On, s.Known, s.Fields.Truth("granted", true)))),
        Of(
            "report_payment_returned", "A payment came back", ["claim", "payment"],
            s => s.Make(id => new ReportPaymentReturned(id, s.Claim(), s.On, s.Known, s.Payment()))),
        Of(
            "reissue_payment", "A payment that came back is ordered again", ["claim"],
            s => s.Make(id => new ReissuePayment(id, s.Claim(), s.On, s.Known))),
        Of("recover_overpayment", "What was not due is paid back", [
            "claim", "amount", "payee"
        ], s => s.Make(id => new RecoverOverpayment(
            id, s.Claim(), s.On, s.Known, s.Fields.Centimes("amount"), s.Fields.Name("payee", Payee.None)))),
        Of(
            "reopen_claim", "An operator has the claim judged again", ["claim"],
            s => s.Make(id => new ReopenClaim(id, s.Claim(), s.On, s.Known))),

        // Shorthands.
        Many(
            "registered",
            "declare, forward_application, transmit_application and answer_from_anam on one day; enrolled on that day if not said",
            [.. EnrolmentKeys, "year", "coverage", "holder", "enrolled"], Registered),
        Many(
            "contributed", "pay_contribution and receive_contribution on one day", ["amount", "institution", "year"],
            s => [Pay(s), Receive(s)]),
        Many(
            "approved", "request_approval, and decide_approval that grants what was asked",
            ["approval", "act", "units"],
            s => [Request(s, s.On), Decide(s, s.Fields.Whole("units", 1, 1, int.MaxValue))]),
        Many(
            "claim", "deposit_claim and receive_claim on one day", ClaimFileReader.FileKeys,
            s => [s.Deposit(), ReceiveClaim(s)]),
        Many(
            "paid_claim", "deposit_claim, receive_claim, order_payment and confirm_payment on one day",
            ClaimFileReader.FileKeys, s => [s.Deposit(), ReceiveClaim(s), OrderPayment(s), ConfirmPayment(s)]),
        Many(
            "paid", "order_payment and confirm_payment on one day", ["claim"],
            s => [OrderPayment(s), ConfirmPayment(s)]),
        Many("day", "Nothing: the day comes, and with it what falls due", [], _ => []),
    ];

    private static readonly Dictionary<string, StepDefinition> ByName = All.ToDictionary(
        one => one.What, StringComparer.Ordinal);

    public static bool Has(string what) => ByName.ContainsKey(what);

    public static StepDefinition Find(string what) => ByName[what];

    private static StepDefinition Of(string what, string text, string[] keys, Func<StepReader, Command> command) =>
        new(what, text, keys, s => [command(s)]);

    private static StepDefinition Many(
        string what, string text, string[] keys,
        Func<StepReader, IEnumerable<Command>> commands) => new(what, text, keys, commands);

    private static CarryOverRegistration CarryOver(StepReader s)
    {
        var (enrolment, from) = (s.Enrolment(), s.Fields.Date("right_from"));
        return s.Make(id =>
            new CarryOverRegistration(
                id, s.Next(CommandKind.CarryOverRegistration), s.On, s.Known, enrolment, s.Year(), from));
    }

    private static Declare Declare(StepReader s, DateOnly enrolledOn)
    {
        var enrolment = s.Enrolment();
        return s.Make(id =>
            new Declare(
                id, s.Next(CommandKind.Declare), enrolledOn, s.Known, enrolment,
                s.Fields.Name("coverage", CoverageKind.None), s.Year(), s.Holder()));
    }

    private static Command[] Registered(StepReader s)
    {
        // What ANAM finds is not what the student declared.
        var declared = Declare(s, s.Fields.Date("enrolled", s.On)) with
        {
            Coverage = CoverageKind.None,
            Holder = CoverageHolder.None
        };
        return [
            declared,
            s.Make(id =>
                new ForwardApplication(id, s.Next(CommandKind.ForwardApplication), s.On, s.Known, s.RightDesk())),
            Transmit(s), Answer(s)
        ];
    }

    private static ForwardApplication Forward(StepReader s) =>
        s.Make(id =>
            new ForwardApplication(
                id, s.Next(CommandKind.ForwardApplication), s.On, s.Known, s.Fields.Name("desk", s.RightDesk())));

    private static TransmitApplication Transmit(StepReader s) =>
        s.Make(id => new TransmitApplication(id, s.Next(CommandKind.TransmitApplication), s.On, s.Known));

    private static AnswerFromAnam Answer(StepReader s) =>
        s.Make(id =>
            new AnswerFromAnam(
                id, s.Next(CommandKind.AnswerFromAnam), s.On, s.Known, s.Fields.Name("coverage", CoverageKind.None),
                s.Holder()));

    private static PayContribution Pay(StepReader s) =>
        s.Make(id =>
            new PayContribution(
                id, s.Next(CommandKind.PayContribution), s.On, s.Known, s.Contribution(), s.Institution(), s.Year()));

    private static ReceiveContribution Receive(StepReader s) =>
        s.Make(id =>
            new ReceiveContribution(
                id, s.Next(CommandKind.ReceiveContribution), s.On, s.Known, s.Contribution(), s.Year()));

    private static RequestApproval Request(StepReader s, DateOnly on) => s.Make(id =>
        new RequestApproval(
            id, Approval(s), on, s.Known, s.Fields.Name<Act>("act"), (int)s.Fields.Whole("units", 1, 1, int.MaxValue)));

    private static DecideApproval Decide(StepReader s, long units) =>
        s.Make(id => new DecideApproval(id, Approval(s), s.On, s.Known, (int)units));

    private static ulong Approval(StepReader s) => (ulong)s.Fields.Whole("approval", 1, 1, 1_000_000);

    private static ReceiveClaim ReceiveClaim(StepReader s) =>
        s.Make(id => new ReceiveClaim(id, s.Claim(), s.On, s.Known));

    private static OrderPayment OrderPayment(StepReader s) =>
        s.Make(id => new OrderPayment(id, s.Claim(), s.On, s.Known));

    private static ConfirmPayment ConfirmPayment(StepReader s) =>
        s.Make(id => new ConfirmPayment(id, s.Claim(), s.On, s.Known, s.Payment()));
}
