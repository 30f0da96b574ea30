using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Oracle.Model;

/// <summary>A claim: the file, what was decided on its lines, and the money that went out and came back.</summary>
internal sealed class ClaimFile
{
    private readonly DepositClaim _deposit;

    public ClaimFile(DepositClaim deposit)
    {
        _deposit = deposit;
        Items = deposit.Items;
        Lines = [.. deposit.Lines.Select(act => new Line(act))];
        Accounts = IsThirdParty
            ? [new Account(this, PaidTo.Provider), new Account(this, PaidTo.Student)]
            : [new Account(this, PaidTo.Student)];
    }

    public ulong Number => _deposit.Claim;

    public bool IsThirdParty => _deposit.Way == ClaimWay.ThirdParty;

    public int Provider => _deposit.Provider;

    public DateOnly DepositedOn => _deposit.Effective;

    public FileItems Items { get; set; }

    public FileItems Missing { get; set; }

    /// <summary>The items named as missing each time it was returned.</summary>
    public List<FileItems> Returns { get; } = [];

    public Line[] Lines { get; }

    public bool IsReceived { get; set; }

    public Hold Hold { get; set; }

    public bool WasAskedOfDuplicates { get; set; }

    public bool WasAskedOfPhysician { get; set; }

    public bool WasAppealed { get; set; }

    public bool AppealIsOpen { get; set; }

    /// <summary>
    /// Of a third-party claim the provider's and the student's (K2, B11), in the order in which they are paid; else the
    /// student's alone.
    /// </summary>
    public IReadOnlyList<Account> Accounts { get; }

    /// <summary>Every payment ordered, in the order of their orders: the first has number 1 (X6).</summary>
    public List<Payment> Payments { get; } = [];

    public decimal InTransit =>
        Payments.Where(payment => payment.State == PaymentState.InTransit).Sum(payment => payment.Dirhams);

    /// <summary>A payment came back and was not ordered again.</summary>
    public bool CameBack { get; set; }

    public decimal Payable => Lines.Sum(line => line.Amount);

    public decimal Settled => Accounts.Sum(account => account.Settled);

    /// <summary>The debts of both payees: an amount due to one does not reduce the other's debt.</summary>
    public decimal Overpaid => Accounts.Sum(account => account.Overpaid);

    /// <summary>True where something is due, to either payee.</summary>
    public bool IsDue => Accounts.Any(account => account.Due > 0);

    public decimal Billed => Lines.Sum(line => line.Spent);

    /// <summary>The patient's share (K2, B11).</summary>
    public decimal PatientShare => Lines.Sum(line => line.PatientShare);

    public bool IsHeld => Hold != Hold.None;

    /// <summary>Paid or nothing payable, nothing owed back.</summary>
    public bool IsClosed => IsReceived && !IsHeld && InTransit == 0 && !IsDue && Overpaid == 0;

    /// <summary>Null where the claim has no such payee.</summary>
    public Account? AccountOf(PaidTo payee) => Accounts.FirstOrDefault(account => account.Payee == payee);
}

/// <summary>The payee of a claim's money, who also owes it back (K1, K2, X7).</summary>
internal enum PaidTo
{
    Student,
    Provider,
}

/// <summary>The amounts due to, paid to and owed by one payee of a claim (B11).</summary>
internal sealed class Account(ClaimFile claim, PaidTo payee)
{
    public PaidTo Payee => payee;

    /// <summary>Confirmed payments and set-offs, less what came back and what was recovered.</summary>
    public decimal Settled { get; set; }

    public decimal Payable =>
        claim.Lines.Sum(line =>
            !claim.IsThirdParty ? line.Amount : payee == PaidTo.Student ? line.Refund : line.Amount - line.Refund);

    public decimal InTransit =>
        claim.Payments.Where(payment => payment.Account == this && payment.State == PaymentState.InTransit)
            .Sum(payment => payment.Dirhams);

    public decimal Due => Payable - Settled - InTransit;

    public decimal Overpaid => Math.Max(0, Settled - Payable);
}

internal enum Hold
{
    None,
    PossibleDuplicate,
    PhysicianReview,
}

/// <summary>A payment of a claim (K8, X6).</summary>
internal sealed class Payment(int number, Account account, decimal dirhams, PaymentMethod method)
{
    public int Number => number;

    public Account Account => account;

    public decimal Dirhams => dirhams;

    public PaymentMethod Method => method;

    public PaymentState State { get; set; } = PaymentState.InTransit;
}

internal enum PaymentState
{
    InTransit,
    Confirmed,
    Returned,
}

/// <summary>One act of a claim and what is thought of it.</summary>
internal sealed class Line(ClaimLine act)
{
    /// <summary>As the file has it; prices and descriptions that were missing may be brought later.</summary>
    public ClaimLine Act { get; set; } = act;

    public decimal Spent => Act.PaidCentimes / 100m;

    /// <summary>The base that the file states: the price of the generic where there is one (B2).</summary>
    public decimal Stated => (Act.GenericCentimes > 0 ? Act.GenericCentimes : Act.ReferenceCentimes) / 100m;

    /// <summary>The student's standing on the day of care, as last looked at.</summary>
    public Reason Standing { get; set; }

    public bool IsExempt { get; set; }

    /// <summary>The line's result apart from the student's coverage; null until it was adjudicated.</summary>
    public Reason? Merits { get; set; }

    /// <summary>Units taken from approvals (B10).</summary>
    public Dictionary<Approval, int> Units { get; } = [];

    public int UnitsTaken => Units.Values.Sum();

    /// <summary>The same as a line received before (X1).</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>The same as a line received before but for the amount (X1).</summary>
    public bool IsSimilar { get; set; }

    /// <summary>
    /// The student bore a share of the bill: he was not exempt by the facts on record when a third-party claim was
    /// first adjudicated (B11).
    /// </summary>
    public bool BoreShare { get; set; }

    public Reason Reason { get; private set; }

    public decimal Amount { get; private set; }

    /// <summary>The part of the amount that goes to the student, though the provider sent the bill (B11).</summary>
    public decimal Refund { get; private set; }

    public decimal PatientShare => Reason == Reason.DuplicateLine ? 0 : Spent - Amount;

    public bool IsRefused => Reason is not (Reason.None or Reason.ApprovalCoversLess);

    public void Decide(Reason reason, decimal amount = 0, decimal refund = 0) =>
        (Reason, Amount, Refund) = (reason, amount, refund);
}
