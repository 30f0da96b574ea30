using Akka.Actor;
using Amoe.Engine.Bytes;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Opens days for the partitions of one host, as its <see cref="DayOpenerCore{TAsker}"/> decides, and answers the other
/// hosts' questions. For a day a partition of ledgers needs the postings of the days before, and one of students what
/// the ledgers have to say to its claims: so what crosses partitions arrives on the same day as in one process.
/// </summary>
internal sealed class DayOpener : UntypedActor, IWithTimers
{
    /// <summary>Its name on every host: hosts ask each other by it.</summary>
    public const string Name = "days";

    private const int AnswerBytesMax = 512 << 10;
    private static readonly TimeSpan _askAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _journalPatience = TimeSpan.FromSeconds(1);

    private readonly HostContext _host;
    private readonly IActorRef _journal;
    private readonly DayOpenerCore<IActorRef> _core;
    private readonly ByteWriter _bytes = new();

    /// <param name="journal">The journal's own actor, wherever it is.</param>
    public DayOpener(HostContext host, IActorRef journal)
    {
        (_host, _journal) = (host, journal);
        _core = new DayOpenerCore<IActorRef>(Students, Ledgers, host.Relay, host.Speaks);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private int Students => _host.Identity.StudentPartitions;

    private int Ledgers => _host.Identity.LedgerPartitions;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenDay wanted:
                Do(_core.Want(Sender, wanted));
                break;
            case JournalAnswered answered:
                Do(_core.JournalAnswered(answered.Next, answered.Opened));
                break;
            case AskAgain:
                Do(_core.AskAgain());
                break;
            case RelayAsked asked:
                Answer(asked.Question);
                break;
            case RelayAnswered answered:
                Do(_core.Take(Read(answered.Answer)));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Do(IReadOnlyList<DayOpenerAction<IActorRef>> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case DayOpenerAction<IActorRef>.Tell tell:
                    tell.Asker.Tell(tell.Opened, Self);
                    break;
                case DayOpenerAction<IActorRef>.AskJournal ask:
                    AskJournal(ask.Wanted);
                    break;
                case DayOpenerAction<IActorRef>.AskHosts ask:
                    AskHosts(ask.Question);
                    break;
                case DayOpenerAction<IActorRef>.AskAgainLater:
                    Timers.StartSingleTimer(nameof(AskAgain), AskAgain.Instance, _askAgainAfter);
                    break;
            }
        }
    }

    private void AskJournal(OpenDay wanted)
    {
        var next = wanted.Wanted.Next;
        _journal.Ask<object>(wanted, _journalPatience).PipeTo(
            Self, success: answer => new JournalAnswered(next, answer as DayOpened),
            failure: _ => new JournalAnswered(next, null));
    }

    private void AskHosts(RelayQuestion question)
    {
        _bytes.Truncate(0);
        RelayWire.Write(_bytes, question);
        var asked = new RelayAsked(_bytes.Written.ToArray());
        foreach (var host in _host.Others())
            Context.ActorSelection(new RootActorPath(host) / "user" / Name).Tell(asked, Self);
    }

    private void Answer(byte[] bytes)
    {
        var r = new ByteReader(bytes);
        var question = RelayWire.ReadQuestion(ref r, Students, Ledgers);
        var isBegun = false;
        foreach (var relayed in _core.Answer(question))
        {
            if (isBegun && _bytes.Length >= AnswerBytesMax)
                Send();
            if (!isBegun)
            {
                _bytes.Truncate(0);
                RelayWire.BeginAnswer(_bytes, question);
                isBegun = true;
            }

            RelayWire.Write(_bytes, question.Party, relayed, AnswerBytesMax);
        }

        if (isBegun)
            Send();

        void Send()
        {
            Sender.Tell(new RelayAnswered(_bytes.Written.ToArray()), Self);
            isBegun = false;
        }
    }

    private RelayAnswer Read(byte[] bytes)
    {
        var r = new ByteReader(bytes);
        return RelayWire.ReadAnswer(ref r, Students, Ledgers);
    }

    /// <param name="Next">The day that was asked for.</param>
    /// <param name="Opened">Null where the journal's own actor is away, or could not write.</param>
    private sealed record JournalAnswered(DateOnly Next, DayOpened? Opened);

    private sealed class AskAgain
    {
        public static readonly AskAgain Instance = new();
    }
}
