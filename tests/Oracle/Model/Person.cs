using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>All the model knows of one student: what was said of him, in plain lists. What follows from it is worked out when it is asked for.</summary>
internal sealed class Person(StudentId id)
{
    public StudentId Id => id;

    /// <summary>Every command answered, with its answer: the same command again is answered from here, and a disagreement is told with it.</summary>
    public List<(Command Command, OracleReply Reply)> Story { get; } = [];

    /// <summary>The year on record; null while the fund has not heard of the student.</summary>
    public int? Year { get; set; }

    public Application Application { get; set; }

    public EnrolmentRecord Enrolment { get; set; }

    public DateOnly EnrolledOn { get; set; }

    /// <summary>In the order in which they were granted.</summary>
    public List<YearRight> Rights { get; } = [];

    public HashSet<int> AcceptedYears { get; } = [];

    public Dictionary<int, YearContribution> Contributions { get; } = [];

    public SortedList<DateOnly, CoverageFact> Coverage { get; } = [];

    public SortedList<DateOnly, StudyFact> Studies { get; } = [];

    public SortedList<DateOnly, DateOnly> Exemptions { get; } = [];

    public List<Approval> Approvals { get; } = [];

    public SortedList<ulong, ClaimFile> Claims { get; } = [];

    public bool IsKnown => Year is not null;

    public bool HasAnyRight => Rights.Count > 0;

    public bool HasRightOf(int year) => Rights.Any(right => right.Year == year);

    public YearContribution ContributionOf(int year)
    {
        if (!Contributions.TryGetValue(year, out var contribution))
            Contributions.Add(year, contribution = new YearContribution());
        return contribution;
    }
}

/// <summary>How far the application of the year on record is.</summary>
internal enum Application
{
    None,
    Declared,
    Forwarded,
    WithAnam,
    Accepted,
    Refused,
}

/// <summary>The right of an academic year. A later right may end it early, even before it began.</summary>
internal sealed class YearRight(int year, DateOnly from, DateOnly yearEnds, DateOnly until)
{
    public int Year => year;

    public DateOnly From => from;

    /// <summary>The last day of the academic year.</summary>
    public DateOnly YearEnds => yearEnds;

    /// <summary>The last day, of grace where it comes to that.</summary>
    public DateOnly Until { get; set; } = until;

    public bool Covers(DateOnly day) => from <= day && day <= Until;
}

/// <summary>What is on record of the contribution for one academic year.</summary>
internal sealed class YearContribution
{
    public DateOnly? Due { get; set; }

    public decimal Paid { get; set; }

    public int PaidTo { get; set; }

    public bool ReceiptShown { get; set; }

    public List<(DateOnly On, decimal Dirhams)> Receipts { get; } = [];

    /// <summary>True while it opens no right and none is asked for (C5).</summary>
    public bool IsHeld { get; set; }

    /// <summary>The larger of what was paid and what was received.</summary>
    public decimal Dirhams => Math.Max(Paid, Receipts.Sum(receipt => receipt.Dirhams));

    public bool IsPaid => Paid > 0;

    public bool IsReceived => Receipts.Count > 0;
}

/// <summary>From its day on the student is covered elsewhere, or free.</summary>
/// <param name="Fact">What kind of command said so.</param>
internal readonly record struct CoverageFact(bool Covered, CommandKind Fact);

/// <summary>From its day on studies are interrupted, for a reason, or resumed.</summary>
internal readonly record struct StudyFact(CommandKind Fact, InterruptionReason Reason);

/// <summary>A request for prior approval or cover, and what became of it.</summary>
internal sealed class Approval(ulong reference, Act act, int asked)
{
    public ulong Reference => reference;

    public Act Act => act;

    public int Asked => asked;

    /// <summary>Null while it is not decided.</summary>
    public int? Granted { get; set; }

    public int Taken { get; set; }

    public DateOnly First { get; set; }

    public DateOnly Last { get; set; }
}
