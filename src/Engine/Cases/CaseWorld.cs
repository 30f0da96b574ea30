using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cases;

/// <summary>
/// Runs a case: the real engine in memory, with one partition of the case's students and one of the ledgers of
/// institutions and providers.
/// </summary>
internal sealed class CaseWorld : IReplyTo, IDisposable
{
    // The partitions of the journal.
    private const int Students = 0;
    private const int Ledgers = 1;

    private readonly RuleCase _case;
    private readonly bool _keepsAccounts;
    private readonly MemoryJournal _journal;
    private readonly MemoryRuntime _runtime;
    private readonly Explainer _explainer;
    private Reply? _reply;

    public CaseWorld(RuleCase one)
    {
        (_case, _keepsAccounts) = (one, one.KeepsAccounts);
        _journal = new MemoryJournal(
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, 1, one.Rulebook.Text, "rule cases", 0, 0,
                _keepsAccounts ? 1 : 0));
        _runtime = new MemoryRuntime(_journal, new AmoeLogic(one.Rulebook), new EngineOptions());
        _explainer = new Explainer(_journal);
    }

    /// <summary>The day that has come.</summary>
    public DateOnly Today { get; private set; }

    /// <summary>
    /// The days up to this one come, one by one: with each what falls due, and into the ledgers what happened on the
    /// day before it.
    /// </summary>
    public void Open(DateOnly day)
    {
        while (Today < day)
        {
            // Ledgers decide on days of their own: without them a partition opens all days up to one by itself.
            Today = Today == default || !_keepsAccounts ? day : Today.AddDays(1);
            Mark(Students, CommandKind.OpenDay, Today);
            if (_keepsAccounts)
                Mark(Ledgers, CommandKind.OpenDay, Today);
        }
    }

    /// <summary>The last day ends, and the ledgers take what happened on it: queries alone may follow.</summary>
    public void Close()
    {
        if (!_keepsAccounts)
            return;
        Mark(Students, CommandKind.CloseDay, Today);
        Mark(Ledgers, CommandKind.OpenDay, Today.AddDays(1));
    }

    /// <param name="command">Its student is the number of one of the case's.</param>
    public Reply Send(Command command)
    {
        _reply = null;
        return Answered(_runtime.TryPost(command with { Student = IdOf((int)command.Student.Value) }, this));
    }

    /// <summary>What expectations ask of one student, numbered from 1, and of the accounts.</summary>
    /// <param name="known">The day as of which the finished history is asked; null: all of it.</param>
    public ICaseView Of(int student, DateOnly? known) =>
        known is { } day ? new CaseHindsight(this, student, day) : new CasePresent(this, student);

    /// <summary>All that is known of a student; read anew, for there may be more.</summary>
    public StudentReading Reading(int student) => _explainer.Read(IdOf(student));

    /// <summary>An institution's or a provider's ledger as a day leaves it; an empty one where it has none.</summary>
    public Ledger Account(PartyId party, DateOnly day)
    {
        var book = new LedgerBook(studentPartitions: 1);

        // What happens on a day comes into the ledgers when the next one opens.
        foreach (var e in Booked().TakeWhile(entry => entry.Header.Known <= day.AddDays(1))
            .SelectMany(entry => entry.Events))
            book.Evolve(e);
        return book.Find(party) ?? Ledger.Of(party);
    }

    /// <summary>The records of the students and, of a case that expects something of accounts, of these.</summary>
    public IReadOnlyList<HistoryEntry> History()
    {
        var students = Engine.Journal.History.OfPartition(_journal, Students).Where(entry => entry.Header.HasStudent);
        return _case.Expected.Any(one => one is AccountExpectation)
            ? [.. students.Concat(Booked().Select(OfAccounts).Where(entry => entry.Events.Count > 0))
                .OrderBy(entry => entry.Header.Known)]
            : [.. students];
    }

    void IReplyTo.OnReply(StudentId student, in Reply reply) => _reply = reply;

    public void Dispose() => _journal.Dispose();

    private StudentId IdOf(int student) => _case.Students[student - 1];

    private IEnumerable<HistoryEntry> Booked() => Engine.Journal.History.OfPartition(_journal, Ledgers);

    private static HistoryEntry OfAccounts(HistoryEntry entry) => entry with
    {
        Events = [.. entry.Events.Where(e => e is PartyEvent { Party.Kind: not PartyKind.PaymentRun })]
    };

    private void Mark(int partition, CommandKind mark, DateOnly day)
    {
        _reply = null;
        Answered(_runtime.TryPostDay(partition, mark, day, this));
    }

    private Reply Answered(bool isTaken) =>
        isTaken && _reply is { } reply ? reply : throw new InvalidOperationException("a command was not answered");
}
