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

    public PaymentMethod Method { get; set; }

    public Hold Hold { get; set; }

    public bool WasAskedOfDuplicates { get; set; }

    public bool WasAskedOfPhysician { get; set; }

    public bool WasAppealed { get; set; }

    public bool AppealIsOpen { get; set; }

    /// <summary>Confirmed payments and set-offs, less what came back and what was recovered.</summary>
    public decimal Settled { get; set; }

    public decimal InTransit { get; set; }

    /// <summary>The last confirmed payment, unless it came back.</summary>
    public decimal LastPayment { get; set; }

    /// <summary>A payment came back and was not ordered again.</summary>
    public bool CameBack { get; set; }

    public decimal Payable => Lines.Sum(line => line.Amount);

    public decimal Due => Payable - Settled - InTransit;

    public decimal Overpaid => Math.Max(0, Settled - Payable);

    public decimal Billed => Lines.Sum(line => line.Spent);

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

/// <summary>One act of a claim and what is thought of it.</summary>
internal sealed class Line(ClaimLine act)
{
    public ClaimLine Act => act;

    public decimal Spent => act.PaidCentimes / 100m;

    public decimal Reference => act.ReferenceCentimes / 100m;

    /// <summary>The student's standing on the day of care, as last looked at.</summary>
    public Reason Standing { get; set; }

    public bool IsExempt { get; set; }

    /// <summary>What the line itself comes to apart from the student's standing; null until it was looked at.</summary>
    public Reason? Merits { get; set; }

    public int UnitsTaken { get; set; }

    /// <summary>The same as a line received before (X1).</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>The same as a line received before but for the amount (X1).</summary>
    public bool IsSimilar { get; set; }

    public Reason Reason { get; set; }

    public decimal Amount { get; set; }
}
