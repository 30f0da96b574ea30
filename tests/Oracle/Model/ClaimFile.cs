using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Oracle.Model;

/// <summary>A claim: the file, what was decided on its lines, and the money that went out and came back.</summary>
internal sealed class ClaimFile(DepositClaim deposit)
{
    public ulong Number => deposit.Claim;

    public bool IsThirdParty => deposit.Way == ClaimWay.ThirdParty;

    public int Provider => deposit.Provider;

    public DateOnly DepositedOn => deposit.Effective;

    public FileItems Items { get; set; } = deposit.Items;

    public FileItems Missing { get; set; }

    /// <summary>What was named as missing each time it was returned.</summary>
    public List<FileItems> Returns { get; } = [];

    public Line[] Lines { get; } = [.. deposit.Lines.Select(act => new Line(act))];

    public bool IsReceived { get; set; }

    public Hold Hold { get; set; }

    public bool WasAskedOfDuplicates { get; set; }

    public bool WasAskedOfPhysician { get; set; }

    public bool WasAppealed { get; set; }

    public bool AppealIsOpen { get; set; }

    /// <summary>Confirmed payments and set-offs, less what came back and what was recovered.</summary>
    public decimal Settled { get; set; }

    /// <summary>Every payment ordered, in the order of their orders: the first has number 1 (X6).</summary>
    public List<Payment> Payments { get; } = [];

    public decimal InTransit => Payments.Where(payment => payment.State == PaymentState.InTransit).Sum(payment => payment.Dirhams);

    /// <summary>A payment came back and was not ordered again.</summary>
    public bool CameBack { get; set; }

    public decimal Payable => Lines.Sum(line => line.Amount);

    public decimal Due => Payable - Settled - InTransit;

    public decimal Overpaid => Math.Max(0, Settled - Payable);

    public decimal Billed => Lines.Sum(line => line.Spent);

    /// <summary>What the patient bears (K2, B11).</summary>
    public decimal PatientShare => Lines.Sum(line => line.PatientShare);

    public bool IsHeld => Hold != Hold.None;

    /// <summary>Paid or nothing payable, nothing owed back.</summary>
    public bool IsClosed => IsReceived && !IsHeld && InTransit == 0 && Due <= 0 && Overpaid == 0;
}

internal enum Hold
{
    None,
    PossibleDuplicate,
    PhysicianReview,
}

/// <summary>A payment of a claim (K8, X6).</summary>
internal sealed class Payment(int number, decimal dirhams, PaymentMethod method)
{
    public int Number => number;

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

    /// <summary>What the line itself comes to apart from the student's standing; null until it was looked at.</summary>
    public Reason? Merits { get; set; }

    /// <summary>Units taken from approvals (B10).</summary>
    public Dictionary<Approval, int> Units { get; } = [];

    public int UnitsTaken => Units.Values.Sum();

    /// <summary>The same as a line received before (X1).</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>The same as a line received before but for the amount (X1).</summary>
    public bool IsSimilar { get; set; }

    public Reason Reason { get; set; }

    public decimal Amount { get; set; }

    public decimal PatientShare => Reason == Reason.DuplicateLine ? 0 : Spent - Amount;

    public bool IsRefused => Reason is not (Reason.None or Reason.ApprovalCoversLess);
}
