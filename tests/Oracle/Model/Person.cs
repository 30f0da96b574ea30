using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>
/// All the model knows of one student: what was said of him, in plain lists. What follows from it is worked out when it
/// is asked for.
/// </summary>
internal sealed class Person(StudentId id)
{
    private int _learnt;

    public StudentId Id => id;

    /// <summary>
    /// Every command answered, with its answer. The same command again is answered from here, and the report of a
    /// disagreement has it.
    /// </summary>
    public List<(Command Command, OracleReply Reply)> Story { get; } = [];

    /// <summary>The year on record; null while the fund has not heard of the student.</summary>
    public int? Year { get; set; }

    public Application Application { get; set; }

    public EnrolmentRecord Enrolment { get; set; }

    public DateOnly EnrolledOn { get; set; }

    /// <summary>
    /// The categories declared for the year on record: claim files go to the desks of any of them (D7).
    /// </summary>
    public HashSet<Category> Categories { get; } = [];

    /// <summary>In the order in which they were granted.</summary>
    public List<YearRight> Rights { get; } = [];

    public Dictionary<int, YearAccount> Accounts { get; } = [];

    /// <summary>
    /// In the order in which they were learnt, as all facts: what was taken back is not among them (T7).
    /// </summary>
    public List<CoverageFact> Coverage { get; } = [];

    public List<StudyFact> Studies { get; } = [];

    public List<ExemptionFact> Exemptions { get; } = [];

    /// <summary>In the order of request.</summary>
    public List<Approval> Approvals { get; } = [];

    public SortedList<ulong, ClaimFile> Claims { get; } = [];

    public bool IsKnown => Year is not null;

    public bool HasAnyRight => Rights.Count > 0;

    public bool HasRightOf(int year) => Rights.Any(right => right.Year == year);

    public YearAccount AccountOf(int year)
    {
        if (!Accounts.TryGetValue(year, out var account))
            Accounts.Add(year, account = new YearAccount());
        return account;
    }

    /// <summary>The next number in the order of learning, for facts that are kept in several places.</summary>
    public int Learn() => ++_learnt;
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

/// <summary>The entitlement period of an academic year. A later one may end it early, even before it began.</summary>
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

/// <summary>
/// The contribution of one academic year: what is owed, what was paid to institutions, what the fund received (C1-C5).
/// </summary>
internal sealed class YearAccount
{
    /// <summary>The fund brought the year over from its earlier files: nothing is owed for it.</summary>
    public bool IsCarriedOver { get; set; }

    /// <summary>0 while nothing is owed.</summary>
    public decimal Owed { get; set; }

    public DateOnly Due { get; set; }

    public List<(int Institution, decimal Dirhams)> Payments { get; } = [];

    public List<Receipt> Receipts { get; } = [];

    public bool ReceiptShown { get; set; }

    public decimal Paid => Payments.Sum(payment => payment.Dirhams);

    public decimal Received => Receipts.Sum(receipt => receipt.Dirhams);

    public decimal ReceivedBy(DateOnly day) =>
        Receipts.Where(receipt => receipt.On <= day).Sum(receipt => receipt.Dirhams);
}

/// <summary>Money that the fund received for a year.</summary>
internal sealed record Receipt(DateOnly On, decimal Dirhams, int Learnt);

/// <summary>Which coverage: a kind of a holder (S2). A holder that is not said counts as one.</summary>
internal readonly record struct CoverageName(CoverageKind Kind, CoverageHolder Holder);

/// <summary>The source of a statement about a coverage.</summary>
internal enum Word
{
    Student,
    Anam,

    /// <summary>No one's: an acceptance implies it.</summary>
    Inferred,
}

/// <summary>A coverage begins, or ends.</summary>
/// <param name="On">Its first day, or its last.</param>
internal sealed record CoverageFact(CoverageName Coverage, bool Begins, DateOnly On, Word By)
{
    /// <summary>The kind of command that states it.</summary>
    public CommandKind Fact => Begins ? CommandKind.ReportOtherCoverage : CommandKind.EndOtherCoverage;

    /// <summary>The first day on which the student is covered, or free.</summary>
    public DateOnly From => Begins ? On : On.AddDays(1);
}

/// <summary>From its day on studies are interrupted, for a reason, or resumed.</summary>
internal sealed record StudyFact(CommandKind Fact, DateOnly On, InterruptionReason Reason);

/// <summary>A decision on exemption for an illness (B9).</summary>
internal sealed record ExemptionFact(int Illness, DateOnly From, bool Granted, DateOnly Until);

/// <summary>A request for prior approval or cover, and the decisions on it that were not taken back.</summary>
internal sealed class Approval(ulong reference, Act act, int asked)
{
    public ulong Reference => reference;

    public Act Act => act;

    public int Asked => asked;

    /// <summary>In the order in which they were learnt: all of one date.</summary>
    public List<ApprovalDecision> Decisions { get; } = [];

    /// <summary>The one that holds; null while the request is undecided.</summary>
    public ApprovalDecision? Decision => Decisions.LastOrDefault();

    public int Granted => Decision?.Units ?? 0;
}

/// <summary>The medical control's decision: units, from a day on, and where a validity is set, until one.</summary>
internal sealed record ApprovalDecision(DateOnly From, DateOnly? Until, int Units, int Learnt);
