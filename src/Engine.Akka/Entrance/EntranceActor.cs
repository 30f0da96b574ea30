using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Days;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka.Entrance;

/// <summary>
/// Where this process's commands enter the cluster. No more than a window of them is under way at a time, for the store's plugin drops what comes too fast; a
/// student has one at a time, so that sending again cannot change their order; a day waits until what was posted before it is answered, and what was posted behind it
/// waits for the day.
/// </summary>
internal sealed class EntranceActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly AkkaOptions _options;
    private readonly TimeProvider _time;
    private readonly IActorRef _students;
    private readonly IActorRef _calendar;
    private readonly IActorRef _ledgers;
    private readonly int _studentShards;
    private readonly int[] _posted;
    private readonly Door[] _doors;
    private readonly LatencyHistogram _latency;
    private readonly Dictionary<StudentId, Queue<Errand>> _busy = [];
    private readonly Dictionary<StudentId, Errand> _underWay = [];
    private readonly Queue<StudentId> _ready = new();
    private long _tickets;

    /// <param name="posted">How many are posted and not answered, by shard: counted up by who posts, down here.</param>
    /// <param name="latency">Of commands, from going to their students until they are answered.</param>
    public EntranceActor(AkkaOptions options, TimeProvider time, IActorRef students, IActorRef calendar, IActorRef ledgers, int studentShards, int[] posted, LatencyHistogram latency)
    {
        _latency = latency;
        (_options, _time, _students, _calendar, _ledgers, _studentShards, _posted) = (options, time, students, calendar, ledgers, studentShards, posted);
        _doors = [.. posted.Select(_ => new Door())];
        Receive<Posted>(posting => Enter(posting.Shard, posting));
        Receive<DayPosted>(posting => Enter(posting.Shard, posting));
        Receive<StudentReply>(On);
        Receive<PersistFailed>(On);
        Receive<StudentAway>(_ => { });
        Receive<DayIsMarked>(marked => On(marked.Shard, marked.IsClosed ? CommandKind.CloseDay : CommandKind.OpenDay, marked.Day));
        Receive<LedgerDayIsOpen>(opened => On(_studentShards + opened.Party, CommandKind.OpenDay, opened.Day));
        Receive<Days.Days>(On);
        Receive<Look>(_ => LookAround());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AkkaOptions options, TimeProvider time, IActorRef students, IActorRef calendar, IActorRef ledgers, int studentShards, int[] posted, LatencyHistogram latency) =>
        global::Akka.Actor.Props.Create(() => new EntranceActor(options, time, students, calendar, ledgers, studentShards, posted, latency));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Look), new Look(), LookEvery);
        _calendar.Tell(AskDays.Instance);
    }

    /// <summary>Nobody is left waiting: what was not answered is not known.</summary>
    protected override void PostStop()
    {
        foreach (var errand in _underWay.Values.Concat(_busy.Values.SelectMany(waiting => waiting)).ToList())
            Answer(errand, new Reply(errand.Command.Id, Outcome.Unknown));
        for (var shard = 0; shard < _doors.Length; shard++)
        {
            if (_doors[shard].Marking is { ReplyTo: { } waiting } marking)
                Answer(shard, marking.Mark, waiting, Outcome.Unknown);
            foreach (var posted in _doors[shard].Waiting)
            {
                if (posted is Posted p)
                    Answer(p.Shard, p.ReplyTo, p.Command.Student, new Reply(p.Command.Id, Outcome.Unknown));
                else if (posted is DayPosted d)
                    Answer(shard, d.Mark, d.ReplyTo, Outcome.Unknown);
            }
        }
    }

    private void Enter(int shard, object posting)
    {
        _doors[shard].Waiting.Enqueue(posting);
        Admit(shard);
    }

    /// <summary>Lets in what may enter.</summary>
    private void Admit(int shard)
    {
        var door = _doors[shard];
        while (door.Marking is null && door.Waiting.TryPeek(out var next))
        {
            switch (next)
            {
                case DayPosted { Mark: CommandKind.CloseDay } day when door.Inside == 0 && day.Day > door.Day:
                    // A day that is closed was opened, and what fell due until then fired.
                    Mark(shard, CommandKind.OpenDay, day.Day, null);
                    break;
                case DayPosted day when door.Inside == 0:
                    door.Waiting.Dequeue();
                    Mark(shard, day.Mark, day.Day, day.ReplyTo);
                    break;
                case Posted { Command: var command } when !CommandBounds.IsDay(command.Known):
                    // It would take the shard to a day from which no later command could bring it back.
                    door.Waiting.Dequeue();
                    var posted = (Posted)next;
                    Answer(shard, posted.ReplyTo, command.Student, new Reply(command.Id, Outcome.Stale, Reason.DateOutOfBounds));
                    break;
                case Posted posting when posting.Command.Known <= door.Day:
                    door.Waiting.Dequeue();
                    door.Inside++;
                    Queue(new Errand(++_tickets, shard, posting.Command, posting.ReplyTo, _time.GetTimestamp()));
                    break;
                case Posted posting when door.Inside == 0:
                    Mark(shard, CommandKind.OpenDay, posting.Command.Known, null);
                    break;
                default:
                    return;
            }
        }
    }

    private void Queue(Errand errand)
    {
        var student = errand.Command.Student;
        if (_busy.TryGetValue(student, out var queue))
        {
            queue.Enqueue(errand);
            return;
        }

        _busy[student] = queue = new Queue<Errand>();
        queue.Enqueue(errand);
        _ready.Enqueue(student);
        SendReady();
    }

    private void SendReady()
    {
        while (_underWay.Count < _options.Window && _ready.TryDequeue(out var student))
        {
            var errand = _busy[student].Dequeue();
            _underWay[student] = errand;
            Send(errand);
        }
    }

    private void Send(Errand errand)
    {
        errand.SentAt = _time.GetTimestamp();
        var day = _doors[errand.Shard].Day;
        _students.Tell(errand.MustResolve ? new ResolveCommand(errand.Ticket, day, errand.Command) : new StudentCommand(errand.Ticket, day, errand.Command));
    }

    private void On(StudentReply reply)
    {
        if (!_underWay.TryGetValue(reply.Student, out var errand) || errand.Ticket != reply.Ticket)
            return;
        _latency.Record(_time.GetElapsedTime(errand.SentAt));

        // Which command it answers does not travel: the ticket says it.
        Finish(errand, reply.Reply with { Command = errand.Command.Id });
    }

    /// <summary>What waits behind is not decided: it would be ahead of what is sent again.</summary>
    private void On(PersistFailed failed)
    {
        if (!_underWay.TryGetValue(failed.Student, out var errand) || errand.Ticket != failed.Ticket)
            return;
        errand.MustResolve = true;
        var behind = _busy[failed.Student];
        while (behind.TryDequeue(out var waiting))
        {
            Answer(waiting, new Reply(waiting.Command.Id, Outcome.Unknown));
            Leave(waiting.Shard);
        }
    }

    private void Finish(Errand errand, in Reply reply)
    {
        var student = errand.Command.Student;
        _underWay.Remove(student);
        if (_busy[student].Count > 0)
            _ready.Enqueue(student);
        else
            _busy.Remove(student);
        Answer(errand, reply);
        Leave(errand.Shard);
        SendReady();
    }

    private void Leave(int shard)
    {
        if (--_doors[shard].Inside == 0)
            Admit(shard);
    }

    private void Mark(int shard, CommandKind mark, DateOnly day, IReplyTo? replyTo)
    {
        _doors[shard].Marking = (mark, day, replyTo);
        SendMark(shard);
    }

    private void SendMark(int shard)
    {
        var (mark, day, _) = _doors[shard].Marking!.Value;
        _doors[shard].MarkSentAt = _time.GetTimestamp();
        if (shard < _studentShards)
            _calendar.Tell(new MarkDay(shard, mark == CommandKind.CloseDay, day));
        else if (mark == CommandKind.OpenDay)
            _ledgers.Tell(new OpenLedgerDay(shard - _studentShards, day));
        else
            Self.Tell(new DayIsMarked(shard, IsClosed: true, day));
    }

    private void On(int shard, CommandKind mark, DateOnly day)
    {
        var door = _doors[shard];
        if (door.Marking is not { } marking || marking.Mark != mark || marking.Day != day)
            return;
        door.Marking = null;
        if (mark == CommandKind.OpenDay && day > door.Day)
            door.Day = day;
        if (marking.ReplyTo is { } waiting)
            Answer(shard, mark, waiting, Outcome.Done);
        Admit(shard);
    }

    private void On(Days.Days days)
    {
        for (var shard = 0; shard < days.Open.Length; shard++)
        {
            if (days.Open[shard] > _doors[shard].Day)
                _doors[shard].Day = days.Open[shard];
            Admit(shard);
        }
    }

    /// <summary>What was lost on its way, or with a host, is sent again; what takes too long nobody knows of.</summary>
    private void LookAround()
    {
        var now = _time.GetTimestamp();
        foreach (var errand in _underWay.Values.ToList())
        {
            if (_time.GetElapsedTime(errand.PostedAt, now) > _options.Deadline)
                Finish(errand, new Reply(errand.Command.Id, Outcome.Unknown));
            else if (_time.GetElapsedTime(errand.SentAt, now) > _options.SendAgainAfter)
                Send(errand);
        }

        for (var shard = 0; shard < _doors.Length; shard++)
        {
            if (_doors[shard].Marking is not null && _time.GetElapsedTime(_doors[shard].MarkSentAt, now) > _options.SendAgainAfter)
                SendMark(shard);
        }
    }

    private void Answer(Errand errand, in Reply reply) => Answer(errand.Shard, errand.ReplyTo, errand.Command.Student, reply);

    private void Answer(int shard, CommandKind mark, IReplyTo replyTo, Outcome outcome) =>
        Answer(shard, replyTo, default, new Reply(new CommandId(mark, 0), outcome));

    private void Answer(int shard, IReplyTo replyTo, StudentId student, in Reply reply)
    {
        Interlocked.Decrement(ref _posted[shard]);
        replyTo.OnReply(student, reply);
    }

    private sealed record Look : INoSerializationVerificationNeeded;
}
