using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// A student's records in a journal, and the states of the student and the claims after each of them, from which
/// explanations are made. Nothing is kept for this while commands are decided.
/// </summary>
internal sealed class StudentReading
{
    private readonly HistoryEntry[] _entries;
    private readonly Func<long, Rulebook> _rulesAt;

    // The partition's number of the record before which the reading ends.
    private readonly long _until;

    private StudentReading(
        StudentId student, Func<long, Rulebook> rulesAt, HistoryEntry[] entries, DateOnly knownOn, long until)
    {
        (Student, _rulesAt, _entries, _until) = (student, rulesAt, entries, until);
        KnownOn = knownOn;
        Now = new StudentAggregate(student);
        Now.Apply(entries.SelectMany(entry => entry.Events));
    }

    public StudentId Student { get; }

    /// <summary>The rulebook that decides what comes next.</summary>
    public Rulebook Rules => _rulesAt(_until);

    /// <summary>
    /// The student's records in the journal's order, without records that decided nothing about the student.
    /// </summary>
    public IReadOnlyList<HistoryEntry> Entries => _entries;

    /// <summary>The student and the claims after the last record. No claim is passivated.</summary>
    public StudentAggregate Now { get; }

    /// <summary>The claims after the last record, by number.</summary>
    public IEnumerable<Claim> Claims => Now.OpenClaims.ToArray().OrderBy(claim => claim.Number);

    /// <summary>
    /// The day as of which it is known: the one asked for, or the last one the journal has of the partition.
    /// </summary>
    public DateOnly KnownOn { get; }

    /// <summary>Everything a journal has of a student; empty when it has nothing.</summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public static StudentReading Of(IJournal journal, StudentId student, JournalRulebooks rulebooks)
    {
        var partition = student.PartitionOf(journal.Identity.StudentPartitions);
        var (entries, lastDay) = History.Read(journal, student);
        return new StudentReading(student, offset => rulebooks.At(partition, offset), entries, lastDay, long.MaxValue);
    }

    /// <summary>Records of a student whose later ones cannot be read or applied.</summary>
    /// <param name="entries">From the first on, at least one.</param>
    /// <exception cref="JournalException">Rulebooks were adopted, and their marks cannot be read.</exception>
    public static StudentReading Of(
        IJournal journal, StudentId student, JournalRulebooks rulebooks, IReadOnlyList<HistoryEntry> entries)
    {
        var partition = student.PartitionOf(journal.Identity.StudentPartitions);
        return new StudentReading(
            student, offset => rulebooks.At(partition, offset), [.. entries], entries[^1].Header.Known,
            entries[^1].Offset + 1);
    }

    /// <summary>The reading as known on a day: the records up to it.</summary>
    public StudentReading AsKnownOn(DateOnly day)
    {
        HistoryEntry[] entries = [.. _entries.TakeWhile(entry => entry.Header.Known <= day)];
        return new StudentReading(
            Student, _rulesAt, entries, day,
            entries.Length < _entries.Length ? _entries[entries.Length].Offset : _until);
    }

    /// <summary>The reading as known when a record was decided: the records before it.</summary>
    public StudentReading Before(HistoryEntry entry) =>
        new(
            Student, _rulesAt, [.. _entries.TakeWhile(earlier => earlier.Offset < entry.Offset)], entry.Header.Known,
            entry.Offset);

    /// <summary>The reading as known once a record was decided: the records up to it.</summary>
    public StudentReading Through(HistoryEntry entry) =>
        new(
            Student, _rulesAt, [.. _entries.TakeWhile(earlier => earlier.Offset <= entry.Offset)], entry.Header.Known,
            entry.Offset);

    /// <summary>
    /// What was known when an event of a record was decided: the records before it, and what the same record had
    /// decided before.
    /// </summary>
    public StudentReading Before(HistoryEntry entry, Event e)
    {
        var earlier = entry with { Events = [.. entry.Events.TakeWhile(other => !ReferenceEquals(other, e))] };
        return new StudentReading(
            Student, _rulesAt, [.. _entries.TakeWhile(other => other.Offset < entry.Offset), earlier],
            entry.Header.Known, entry.Offset);
    }

    /// <summary>The rulebook a record was decided under.</summary>
    public Rulebook RulesAt(HistoryEntry entry) => _rulesAt(entry.Offset);

    /// <summary>Each record, with the student and the claims as they were right after it.</summary>
    public IEnumerable<(HistoryEntry Entry, StudentAggregate Then)> Walk()
    {
        var then = new StudentAggregate(Student);
        foreach (var entry in _entries)
        {
            then.Apply(entry.Events);
            yield return (entry, then);
        }
    }

    /// <summary>A claim after the last record; null where it was never deposited.</summary>
    public Claim? FindClaim(ulong number) => Now.FindOpen(number);

    /// <exception cref="KeyNotFoundException">It was never deposited.</exception>
    public Claim Claim(ulong number) =>
        FindClaim(number) ?? throw new KeyNotFoundException($"student {Student} has no claim {number}");

    /// <summary>The records in which something happened to a claim.</summary>
    public IEnumerable<HistoryEntry> Of(ulong claim) => _entries.Where(entry =>
        entry.Events.Any(e => e is ClaimEvent c && c.Claim == claim)
            || (IsForClaim(entry.Header.Kind) && entry.Header.Id.Reference == claim));

    /// <summary>The last event of a type, with its record.</summary>
    public (HistoryEntry Entry, T Event)? Last<T>(Func<T, bool> which)
        where T : Event
    {
        for (var i = _entries.Length - 1; i >= 0; i--)
        {
            if (_entries[i].Events.OfType<T>().LastOrDefault(which) is { } found)
                return (_entries[i], found);
        }

        return null;
    }

    /// <summary>The record in which the lines of a claim were decided last; null while they were not.</summary>
    public HistoryEntry? LastJudgement(ulong claim) =>
        Last<ClaimEvent>(e => e.Claim == claim && e is (ClaimAdjudicated or ClaimRevised))?.Entry;

    public static bool IsForClaim(CommandKind kind) =>
        kind is >= CommandKind.DepositClaim and <= CommandKind.ReopenClaim;
}
