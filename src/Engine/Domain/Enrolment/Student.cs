namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// What the fund knows of a student. Most students only ever declare other coverage, so what belongs to the insured is
/// apart and made when it is first needed. Changed by <see cref="StudentEvolver"/> alone. Not sealed: the aggregate is
/// a student with his claims, in one object.
/// </summary>
public class Student(StudentId id)
{
    public StudentId Id { get; } = id;

    public EnrolmentRecord Enrolment { get; internal set; }

    /// <summary>The day of the last (re-)enrolment: age is counted on it (E2).</summary>
    public DateOnly EnrolledOn { get; internal set; }

    /// <summary>
    /// The academic year of the last declaration or registration, by the year in which it starts; 0 when there is none.
    /// </summary>
    public short Year { get; internal set; }

    /// <summary>What was declared for <see cref="Year"/> (D7).</summary>
    public YearEnrolments Enrolments { get; internal set; }

    public ApplicationState Application { get; internal set; }

    /// <summary>The other coverage of the last declaration.</summary>
    public CoverageKind DeclaredCoverage { get; internal set; }

    /// <summary>Rights, contribution, suspensions and approvals; null while there are none.</summary>
    public Insurance? Insurance { get; internal set; }

    /// <summary>True once the fund has heard of the student: by a declaration or a registration carried over.</summary>
    public bool IsKnown => Year != 0;

    /// <summary>
    /// The day of the earliest deadline still open, or the end of time: where a partition's calendar looks next.
    /// </summary>
    public DateOnly NextDeadline => Insurance is { } insurance ? Deadlines.Next(insurance) : DateOnly.MaxValue;

    internal Insurance Insured => Insurance ??= new Insurance();

    /// <summary>The student as he would be after these events; this one stays as he is.</summary>
    internal Student Rehearse(IReadOnlyList<Event> events)
    {
        var after = Copy();
        foreach (var e in events)
            StudentEvolver.Evolve(after, (StudentEvent)e);
        return after;
    }

    /// <summary>A copy that can be changed and leaves this one as it is.</summary>
    internal Student Copy()
    {
        var copy = new Student(Id);
        copy.Become(this);
        copy.Insurance = Insurance?.Copy();
        return copy;
    }

    /// <summary>Takes another one's state.</summary>
    internal void Become(Student other)
    {
        Enrolment = other.Enrolment;
        EnrolledOn = other.EnrolledOn;
        Year = other.Year;
        Enrolments = other.Enrolments;
        Application = other.Application;
        DeclaredCoverage = other.DeclaredCoverage;
        Insurance = other.Insurance;
    }
}

/// <summary>How far an application has come (D3).</summary>
public enum ApplicationState : byte
{
    /// <summary>None: nothing declared, or other coverage declared.</summary>
    None = 0,
    Declared = 1,
    Forwarded = 2,
    WithAnam = 3,
    Accepted = 4,
    Refused = 5,
}
