using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Akka.Journal;

/// <summary>What a student's actor persists: one record of a segment with all its events, his claims' too, in the bytes of docs/journal-format.md.</summary>
internal sealed record StudentRecord(byte[] Bytes);

/// <summary>What a claim's actor persists: the record's header and the claim's events alone.</summary>
internal sealed record ClaimRecord(byte[] Bytes);

/// <summary>What a party shard's actor persists when it opens a day: what its ledgers made of the postings.</summary>
internal sealed record LedgerRecord(byte[] Bytes);

/// <summary>Postings a party shard's actor keeps until the next day opens.</summary>
/// <param name="Record">The number of the student's record they follow from: each is kept once.</param>
/// <param name="Day">On which they became known.</param>
internal sealed record PostingsKept(StudentId Student, long Record, DateOnly Day, Posting[] Postings);

/// <summary>What the calendar persists: all that came while the page before was on its way, as one.</summary>
internal sealed record CalendarPage(IReadOnlyList<CalendarEntry> Entries);

/// <summary>An entry of the calendar.</summary>
internal abstract record CalendarEntry(DateOnly Day);

/// <summary>A day is opened or closed on a shard of students.</summary>
internal sealed record DayMarked(int Shard, bool IsClosed, DateOnly Day) : CalendarEntry(Day);

/// <summary>All that had fallen due on a shard by a day is decided.</summary>
internal sealed record DaySettled(int Shard, DateOnly Day) : CalendarEntry(Day);

/// <summary>The calendar is to look at a student on a day.</summary>
internal sealed record DeadlineNoted(StudentId Student, DateOnly Day) : CalendarEntry(Day);

/// <summary>What the journal was made for; the calendar's first event.</summary>
internal sealed record JournalMade(int Format, int Shards, int PartyShards, string Rulebook, string Source, ulong Seed, int Scale);

internal sealed record StudentSnapshot(byte[] Bytes);

internal sealed record ClaimSnapshot(byte[] Bytes);

internal sealed record LedgerSnapshot(byte[] Bytes);

/// <summary>How the calendar stands: the fewest entries that make it so.</summary>
internal sealed record CalendarSnapshot(IReadOnlyList<CalendarEntry> Entries);
