using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Actors;

/// <summary>
/// The journal's own persistent actor: its events are what the journal was created with, the rulebooks adopted since,
/// the days opened and the phases of opening balances. A day is durably open before any partition may open it, under
/// the rulebook that was adopted last: so a rulebook is adopted for all partitions or for none.
/// </summary>
/// <remarks>
/// A day that is open stays open under its rulebook. What this actor answers from memory is therefore true however old
/// it is, and needs no incarnation of its own.
/// </remarks>
internal sealed class JournalActor(JournalHost host) : HostedActor(host)
{
    private readonly JournalBook _book = new();

    // Notified should the entry that is being written be lost: the one that asked for it. Others wait in the stash.
    private Action? _lose;

    protected override bool ReceiveRecover(object message)
    {
        switch (message)
        {
            case PersistedEntry entry:
                Follow(entry.Bytes);
                host.Progressed();
                break;
            case RecoveryCompleted:
                RequireAllRead(_book.SequenceNumber);
                Serve();
                break;
        }

        return true;
    }

    protected override bool ReceiveCommand(object message)
    {
        switch (message)
        {
            case OpenDay open:
                Open(open);
                break;
            case AdoptRulebook adopt:
                Adopt(adopt.Rulebook);
                break;
            case MarkOpening mark:
                Mark(mark.Phase);
                break;
            case Drain:
                Context.Stop(Self);
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>
    /// Answers all that wait, however the actor ends. What is in the mailbox goes to dead letters, where the supervisor
    /// answers it.
    /// </summary>
    protected override void PostStop()
    {
        base.PostStop();
        _lose?.Invoke();
    }

    private void Open(OpenDay open)
    {
        if (open.Wanted.Day <= _book.LastDay)
            Sender.Tell(_book.Find(open.Wanted.Next), Self);
        else
            Write(
                new DayOpened(open.Wanted.Day, _book.Rulebook), () => _book.Find(open.Wanted.Next),
                () => DayNotOpened.Instance);
    }

    private void Adopt(Rulebook rulebook)
    {
        AdoptedRulebook adopted;
        try
        {
            adopted = RulebookAdoption.Next(
                _book.Rulebook, JournalRulebooks.Load(_book.Identity, _book.Adoptions, _book.Rulebook), _book.LastDay,
                rulebook);
        }
        catch (RulebookException e)
        {
            Sender.Tell(new Status.Failure(e), Self);
            return;
        }

        Write(
            adopted, () => adopted,
            () => new Status.Failure(host.Failure?.Error ?? NotKnown("the rulebook was adopted", "adopt it")));
    }

    private void Mark(OpeningPhase phase)
    {
        var mark = new OpeningMarked(phase, _book.LastDay);
        if (_book.Opening == mark.Phase)
            Sender.Tell(mark, Self);
        else if (_book.WhyNot(mark) is { } why)
            Sender.Tell(new Status.Failure(new JournalException($"{host.Name}: {why}")), Self);
        else
            Write(
                mark, () => mark,
                () => new Status.Failure(host.Failure?.Error
                    ?? NotKnown("the opening balances were marked", "mark them")));
    }

    /// <param name="done">The answer once the entry is durable.</param>
    /// <param name="lost">The answer where that is not known.</param>
    private void Write(object entry, Func<object> done, Func<object> lost)
    {
        var (asker, self) = (Sender, Self);
        _lose = () => asker.Tell(lost(), self);
        Persist(new PersistedEntry(_book.Encode(entry)), persisted =>
        {
            Follow(persisted.Bytes);
            host.Adopted([.. _book.Adoptions]);
            _lose = null;
            asker.Tell(done(), self);
        });
    }

    private JournalUnavailableException NotKnown(string what, string again) =>
        new($"{host.Name}: it is not known whether {what}: the journal was closed meanwhile. "
            + $"Look with «journal info», and {again} again if it is not there.");

    private void Follow(byte[] entry)
    {
        try
        {
            _book.Follow(entry);
        }
        catch (InvalidDataException e)
        {
            throw JournalTable.Damage(host.Name, PersistenceId, LastSequenceNr, e.Message, e);
        }
    }
}
