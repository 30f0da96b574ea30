using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Vocabulary;

namespace Amoe.Host.Api.Commands;

/// <summary>The fields of commands, each defined once.</summary>
internal static class ApiFields
{
    private const string SomeDay = "2025-09-15";
    private const string YearText = "The academic year, by the year in which it starts.";

    // The envelope.
    public static readonly ApiField Command = ApiField.NameOf(
        Slot.Command, "command", isRequired: true, NameSet.Of<CommandKind>(CommandKinds.IsCommand),
        "The command's name.", "");
    public static readonly ApiField Student = ApiField.Whole<ulong>(
        Slot.Student, "student", isRequired: true, "The student's number.", "16");
    public static readonly ApiField Reference = Number(
        "reference",
        "The business reference. The same reference, attempt and content is the same command; other content is a conflict.",
        "1");
    public static readonly ApiField Claim = Number(
        "claim", "The number of the claim's sheet, which is the command's reference.", "28412");
    public static readonly ApiField ClaimToo = Claim with
    {
        IsRequired = false,
        Text = "The number of a claim's sheet whose provider is asked for too."
    };
    public static readonly ApiField Attempt = ApiField.Whole<byte>(
        Slot.Attempt, "attempt", isRequired: false,
        "Counts what is sent again on purpose under one reference, such as a second completion; 0 if not said.", "0");
    public static readonly ApiField AttemptOfRecovery = ApiField.Whole(
        Slot.Attempt, "attempt", isRequired: false, 0, LedgerDecider.FirstAttempt - 1,
        "Counts recoveries of one claim; 0 if not said. Higher attempts are the ledgers'.", "0");

    public static readonly ApiField Effective = ApiField.Date(
        Slot.Effective, "effective", isRequired: false,
        "The day from which it holds; the day it becomes known if not said.", SomeDay);
    public static readonly ApiField Known = ApiField.Date(
        Slot.Known, "known", isRequired: false,
        "The day it becomes known. Only a host whose clock is the stream's takes it.", SomeDay);

    // Of commands to students.
    public static readonly ApiField Institution = ApiField.Whole<int>(
        Slot.Institution, "institution", isRequired: true, "The institution's number.", "12");
    public static readonly ApiField Year = ApiField.Whole<int>(Slot.Year, "year", isRequired: true, YearText, "2025");
    public static readonly ApiField RightFrom = ApiField.Date(
        Slot.RightFrom, "right_from", isRequired: true, "The first day of the entitlement period.", "2024-09-20");
    public static readonly ApiField Coverage = ApiField.NameOf(
        Slot.Coverage, "coverage", isRequired: false, NameSet.Of<CoverageKind>(),
        "The other coverage (E3); none if not said.", "cnss");
    public static readonly ApiField Holder = ApiField.NameOf(
        Slot.Holder, "holder", isRequired: false, NameSet.Of<CoverageHolder>(),
        "The person who is insured there (E3); not known if not said.", "father");
    public static readonly ApiField ApplicationDesk = ApiField.NameOf(
        Slot.ApplicationDesk, "desk", isRequired: true, NameSet.Of<ApplicationDesk>(), "The network of the desk (D2).",
        "onousc");
    public static readonly ApiField Amount = ApiField.Whole<long>(
        Slot.Amount, "amount_centimes", isRequired: true, "The amount, in centimes.", "40000");
    public static readonly ApiField ByAnam = ApiField.Truth(
        Slot.ByAnam, "by_anam",
        "True where ANAM says so, false where the student does: an end resumes the right only by ANAM's word (S4).");
    public static readonly ApiField Reason = ApiField.NameOf(
        Slot.Reason, "reason", isRequired: false, NameSet.Of<InterruptionReason>(),
        "Why (S3); a reason that excuses nothing if not said.", "illness");
    public static readonly ApiField Granted = ApiField.Truth(Slot.Granted, "granted", "The decision.");
    public static readonly ApiField Illness = ApiField.Whole<int>(
        Slot.Illness, "illness", isRequired: true, "The number of the illness in the Health Minister's list.", "5");
    public static readonly ApiField Until = ApiField.Date(
        Slot.Until, "until", isRequired: true, "The last day.", "2026-09-14");
    public static readonly ApiField Units = ApiField.Whole<int>(
        Slot.Units, "units", isRequired: true, "Sessions, elements or stays asked for.", "10");
    public static readonly ApiField UnitsGranted = Units with
    {
        Text = "Units granted, at most those asked for; 0 refuses."
    };
    public static readonly ApiField Fact = ApiField.NameOf(
        Slot.Fact, "fact", isRequired: true,
        NameSet.Of<CommandKind>(kind => kind.IsCommand() && kind < CommandKind.AskEntitlement),
        "The command that stated the fact. Coverage, interruptions, receipts, exemptions and approvals can be taken back; others are refused.",
        "report_other_coverage");

    public static readonly ApiField Approval = ApiField.Whole<ulong>(
        Slot.Approval, "approval", isRequired: false,
        "The reference of the request, where the fact is a decision on approval; the one learnt last if not said.",
        "0");

    public static readonly ApiField On = ApiField.Date(Slot.On, "on", isRequired: true, "The day of care.", SomeDay);

    /// <summary>Where and as what the student is enrolled.</summary>
    public static readonly ApiField[] Enrolment =
    [
        ApiField.NameOf(
            Slot.Category, "category", isRequired: true, NameSet.Of<Category>(), "The category of D2.",
            "public_university"),
        ApiField.NameOf(
            Slot.Cycle, "cycle", isRequired: true, NameSet.Of<Cycle>(), "The course (E1).", "higher_education"),
        ApiField.Date(Slot.Born, "born", isRequired: true, "The date of birth (E2).", "2005-05-05"),
        ApiField.Truth(Slot.PaidTrack, "paid_track", "True for a paid track of a public institution (C2).", "false"),
        Institution,
        ApiField.Truth(Slot.BankAccount, "bank_account", "True where a bank account is on record (K8)."),
    ];

    // Of an approval and of a line.
    public static readonly ApiField Act = ApiField.NameOf(
        Slot.Act, "act", isRequired: true, NameSet.Of<Act>(), "The kind of care (B1-B10).", "general_practitioner");
    public static readonly ApiField Sector = ApiField.NameOf(
        Slot.Sector, "sector", isRequired: true, NameSet.Of<CareSector>(), "The sector in which it was given (B8).",
        "private");
    public static readonly ApiField Care = ApiField.Date(
        Slot.Care, "care", isRequired: true,
        "The day of care, on which entitlement and tariff are looked up (K3, B12).", "2025-09-10");
    public static readonly ApiField Quantity = ApiField.Whole<ushort>(
        Slot.Quantity, "quantity", isRequired: true, "Sessions, boxes, or the cotation of a biology act (B3).", "1");
    public static readonly ApiField Paid = Centimes(
        Slot.Paid, "paid_centimes", isRequired: true, "What was paid, or billed to the fund, for the whole line.",
        "8000");
    public static readonly ApiField TariffOrPrice = Centimes(
        Slot.TariffOrPrice, "reference_centimes", isRequired: false,
        "For the whole line, the tariff or public price, where it is taken from the file (B11); 0 if not said.", "0");
    public static readonly ApiField Circumstances = ApiField.NamesOf(
        Slot.Circumstances, "circumstances", isRequired: false, NameSet.OfFlags<Circumstances>(),
        "What the conditions of some acts depend on (B7, B8, K2).", "[]");

    public static readonly ApiField Generic = Centimes(
        Slot.Generic, "generic_centimes", isRequired: false,
        "For the whole line, the public price of the medicine's generic (B2); 0 where there is none.", "0");
    public static readonly ApiField Elements = ApiField.Whole<byte>(
        Slot.Elements, "elements", isRequired: false, "Elements of a bridge, teeth of a denture (B6).", "0");
    public static readonly ApiField Teeth = new(
        Slot.Teeth, "teeth", FieldType.Teeth, IsRequired: false,
        "The place of a prosthesis (B6): numbers of the FDI's notation, \"upper\", \"lower\".", "[]");

    // Of commands to claims.
    public static readonly ApiField Way = ApiField.NameOf(
        Slot.Way, "way", isRequired: true, NameSet.Of<ClaimWay>(),
        "The student paid and is reimbursed (K1), or the fund pays the provider (K2).", "reimbursement");
    public static readonly ApiField ClaimDesk = ApiField.Whole<int>(
        Slot.ClaimDesk, "desk", isRequired: true, "The desk's number in the reference data (K6).", "1");
    public static readonly ApiField Provider = ApiField.Whole<int>(
        Slot.Provider, "provider", isRequired: false,
        "The number of the care provider; required by a third-party claim, whose payee it is.", "900");
    public static readonly ApiField PatientIsStudent = ApiField.Truth(
        Slot.PatientIsStudent, "patient_is_student", "False where the patient is somebody else (E4).");
    public static readonly ApiField Has = Papers(
        Slot.Has, "has", isRequired: false, "The papers of the file (K5): this, or `without`.",
        """["invoice"]""") with
    { InsteadOf = "without" };
    public static readonly ApiField Without = Papers(
        Slot.Without, "without", isRequired: false,
        "The papers that the file lacks (K5), [] for a complete file: this, or `has`.",
        "[]") with
    { InsteadOf = "has" };
    public static readonly ApiField Brings = Papers(
        Slot.Brings, "brings", isRequired: true, "The papers that are brought now (K5).", """["student_cin"]""");
    public static readonly ApiField Lines = LinesOf(isRequired: true, "The acts.");
    public static readonly ApiField LinesAgain = LinesOf(
        isRequired: false,
        "Every line again, with the prices and descriptions that were missing; no line changes if not said.");
    public static readonly ApiField Payment = ApiField.Whole<int>(
        Slot.Payment, "payment", isRequired: false,
        "The payment's number within the claim, from 1; the only one that can be meant if not said.", "1");
    public static readonly ApiField IsDuplicate = ApiField.Truth(
        Slot.IsDuplicate, "is_duplicate", "True refuses the lines that look like earlier ones.");
    public static readonly ApiField Payee = ApiField.NameOf(
        Slot.Payee, "payee", isRequired: false, NameSet.Of<Payee>(),
        "The payee that pays back; if not said, the provider of a third-party claim while it owes something, else the student.",
        "student");

    private static ApiField Number(string name, string text, string example) =>
        ApiField.Whole(Slot.Reference, name, isRequired: true, 0, CommandId.ReferenceLimit - 1, text, example);

    private static ApiField Centimes(Slot slot, string name, bool isRequired, string text, string example) =>
        ApiField.Whole<uint>(slot, name, isRequired, text, example);

    private static ApiField Papers(Slot slot, string name, bool isRequired, string text, string example) =>
        ApiField.NamesOf(
            slot, name, isRequired, NameSet.OfFlags<FileItems>(item => (item & ~FileItems.All) == 0), text, example);

    private static ApiField LinesOf(bool isRequired, string text)
    {
        ApiField[] fields = [Act, Sector, Care, Quantity, Paid];
        return new ApiField(
            Slot.Lines, "lines", FieldType.Lines, isRequired, text,
            $"[{{{string.Join(",", fields.Select(field => $"\"{field.Name}\":{field.Example}"))}}}]");
    }
}
