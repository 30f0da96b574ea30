using Amoe.Engine.Domain;
using Amoe.Engine.Text;

namespace Amoe.Host.Api.Commands;

/// <summary>
/// Every command of the API with its fields. They are read, written, described and documented by this definition alone.
/// Names are those of rule cases (docs/rule-cases.md).
/// </summary>
internal static class ApiCommands
{
    /// <summary>The fields of one line of a claim.</summary>
    public static IReadOnlyList<ApiField> LineFields { get; } =
    [
        ApiFields.Act, ApiFields.Sector, ApiFields.Care, ApiFields.Quantity, ApiFields.Paid, ApiFields.TariffOrPrice,
        ApiFields.Circumstances, ApiFields.Generic, ApiFields.Elements, ApiFields.Teeth,
    ];

    /// <summary>Finds the fields of one line of a claim.</summary>
    public static FieldTable Line { get; } = new([.. LineFields]);

    /// <summary>In the order of their kinds.</summary>
    public static IReadOnlyList<ApiCommand> All { get; } =
    [
        ToStudent(
            CommandKind.CarryOverRegistration,
            "Last year's registration, brought over from the fund's earlier files (T8).",
            [.. ApiFields.Enrolment, ApiFields.Year, ApiFields.RightFrom]),
        ToStudent(
            CommandKind.Declare, "The yearly declaration (D1); effective on the day of enrolment.",
            [.. ApiFields.Enrolment, ApiFields.Year, ApiFields.Coverage, ApiFields.Holder]),
        ToStudent(
            CommandKind.ForwardApplication,
            "The institution sends the application to a desk, as a line of a list (D3).", ApiFields.ApplicationDesk),
        ToStudent(
            CommandKind.TransmitApplication,
            "The desk transmits the application to the fund, which has ANAM check it (D3)."),
        ToStudent(
            CommandKind.AnswerFromAnam,
            "ANAM's answer, on which the fund registers or refuses (D3); effective on the day of the notice (D4).",
            ApiFields.Coverage, ApiFields.Holder),
        ToStudent(
            CommandKind.ResendRegistration, "The university re-sends the file of a student registered before (D7).",
            ApiFields.Year),
        ToStudent(
            CommandKind.PayContribution,
            "The student pays the contribution to the institution: that alone opens nothing (C3).", ApiFields.Amount,
            ApiFields.Institution, ApiFields.Year),
        ToStudent(
            CommandKind.ReceiveContribution,
            "The fund receives the contribution: only this counts (C3, S1); effective on the day of receipt.",
            ApiFields.Amount, ApiFields.Year),
        ToStudent(
            CommandKind.PresentReceipt, "The receipt of the first institution is shown to a second one (C4).",
            ApiFields.Institution),
        ToStudent(
            CommandKind.ReportOtherCoverage,
            "Other basic coverage is reported (S2); effective on the day it began (T5).",
            ApiFields.Coverage with { IsRequired = true }, ApiFields.Holder, ApiFields.ByAnam),
        ToStudent(
            CommandKind.EndOtherCoverage, "An other coverage has ended (S4); effective on its last day.",
            ApiFields.Coverage, ApiFields.Holder, ApiFields.ByAnam),
        ToStudent(
            CommandKind.InterruptStudies, "Studies are interrupted (S3); effective on the first day without.",
            ApiFields.Reason),
        ToStudent(
            CommandKind.ChangeInterruptionReason, "The reason of a running interruption changes (S4).",
            ApiFields.Reason),
        ToStudent(CommandKind.ResumeStudies, "Studies are resumed (S4); effective on the first day back."),
        ToStudent(
            CommandKind.DecideExemption,
            "The medical control decides on exemption from the patient's share (B9); effective on its first day.",
            ApiFields.Granted, ApiFields.Illness, ApiFields.Until),
        ToStudent(
            CommandKind.RequestApproval,
            "Approval is asked of the medical control, or by a clinic its cover of a stay (B10, K2).", ApiFields.Act,
            ApiFields.Units),
        ToStudent(
            CommandKind.DecideApproval,
            "The medical control decides on the request with this reference (B10); effective on the approval's first day.",
            ApiFields.UnitsGranted),
        ToStudent(CommandKind.IssueCertificate, "A certificate of registration is asked for (D5)."),
        ToStudent(
            CommandKind.CorrectFact, "A fact of this effective day was wrong and is taken back (S5, T7).",
            ApiFields.Fact, ApiFields.Coverage, ApiFields.Holder, ApiFields.Approval),
        ToClaim(CommandKind.DepositClaim, "A claim file is deposited at a desk (K1, K2, K6); effective on the day of deposit.",
            ApiFields.Way, ApiFields.ClaimDesk, ApiFields.Provider, ApiFields.PatientIsStudent, ApiFields.Has,
            ApiFields.Without, ApiFields.Lines),
        ToClaim(
            CommandKind.CompleteClaim, "A returned file is brought back with what was missing (K5, X5).",
            ApiFields.Brings, ApiFields.LinesAgain),
        ToClaim(CommandKind.ReceiveClaim, "The fund receives the file and adjudicates it (K3, B1-B12)."),
        ToClaim(CommandKind.OrderPayment, "A payment run orders the payment (K8)."),
        ToClaim(
            CommandKind.ConfirmPayment, "The bank or the post confirms a payment (K8); effective on that day.",
            ApiFields.Payment),
        ToClaim(CommandKind.ReviewClaim, "The physician decides on a held claim (X4).", ApiFields.Granted),
        ToClaim(
            CommandKind.ResolveDuplicate, "It is decided whether a held claim is a duplicate (X1).",
            ApiFields.IsDuplicate),
        ToClaim(CommandKind.AppealClaim, "The claim is appealed, once (X5)."),
        ToClaim(
            CommandKind.DecideAppeal, "The appeal is decided (X5); granted, the claim is readjudicated.",
            ApiFields.Granted),
        ToClaim(
            CommandKind.ReportPaymentReturned, "A payment came back (X6); effective on the day it did.",
            ApiFields.Payment),
        ToClaim(CommandKind.ReissuePayment, "A payment that came back is ordered again (X6)."),
        ToClaim(
            CommandKind.RecoverOverpayment, "What was not due is paid back (X7).", ApiFields.Amount, ApiFields.Payee),
        ToClaim(CommandKind.ReopenClaim, "An operator has the claim readjudicated under what is known now (S5)."),
        Of(
            CommandKind.AskEntitlement, Addressee.Student, [ApiFields.Command, ApiFields.Student, ApiFields.Known],
            "Asks whether care on a day is covered (D5). Answered, not recorded.", ApiFields.On),
        Of(
            CommandKind.AskClaim, Addressee.Claim,
            [ApiFields.Command, ApiFields.Student, ApiFields.Claim, ApiFields.Known],
            "Asks for the status of a claim (K7). Answered, not recorded."),
        Of(
            CommandKind.AskStudent, Addressee.Student,
            [ApiFields.Command, ApiFields.Student, ApiFields.ClaimToo, ApiFields.Known],
            "Asks how far the student's file has come (D9, K7). Answered, not recorded."),
    ];

    private static readonly ApiCommand?[] _byKind = ByKind();
    private static readonly NameTable _names = new([.. All.Select(command => command.Name)]);

    /// <summary>The names of all kinds.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(command => command.Name)];

    /// <summary>The command of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No sender can send this kind.</exception>
    public static ApiCommand Of(CommandKind kind) =>
        Find(kind)
            ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "no command of the API is of this kind");

    /// <summary>The command of a kind; null where no sender can send it.</summary>
    public static ApiCommand? Find(CommandKind kind) => (int)kind < _byKind.Length ? _byKind[(int)kind] : null;

    /// <summary>The command of a name in UTF-8; null where there is none.</summary>
    public static ApiCommand? Find(ReadOnlySpan<byte> name) =>
        _names.Find(name) is var index and >= 0 ? All[index] : null;

    private static ApiCommand ToStudent(CommandKind kind, string text, params ApiField[] fields) =>
        Of(
            kind, Addressee.Student,
            [
                ApiFields.Command, ApiFields.Student, ApiFields.Reference, ApiFields.Attempt, ApiFields.Effective,
                ApiFields.Known
            ],
            text, fields);

    private static ApiCommand ToClaim(CommandKind kind, string text, params ApiField[] fields) =>
        Of(
            kind, Addressee.Claim,
            [
                ApiFields.Command, ApiFields.Student, ApiFields.Claim,
                kind == CommandKind.RecoverOverpayment ? ApiFields.AttemptOfRecovery : ApiFields.Attempt,
                ApiFields.Effective, ApiFields.Known
            ],
            text, fields);

    private static ApiCommand Of(
        CommandKind kind, Addressee to, ApiField[] envelope, string text, params ApiField[] fields) =>
        new(kind, SnakeCase<CommandKind>.NameOf(kind), to, envelope, fields, text);

    private static ApiCommand?[] ByKind()
    {
        var byKind = new ApiCommand?[(int)All.Max(command => command.Kind) + 1];
        foreach (var command in All)
            byKind[(int)command.Kind] = command;
        return byKind;
    }
}
