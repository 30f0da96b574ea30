using System.Runtime.InteropServices;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Running;

/// <summary>
/// Drives one shard through the virtual days: opens a day, posts its commands in their order, closes it, and turns the answers into later
/// days' steps. A day begins only when the one before is durable, so a shard's traffic follows from durable outcomes alone.
/// </summary>
internal sealed class ShardDriver : IReplyTo, IPaced
{
    private readonly int _shard;
    private readonly ICommandTarget _runtime;
    private readonly StudentTraffic _traffic;
    private readonly Agenda _agenda;
    private readonly DateOnly _opens;
    private readonly int _days;
    private readonly int _postedMax;
    private readonly RunControl _control;
    private readonly Pace? _pace;
    private readonly List<Step> _steps = [];
    private readonly List<Command> _commands = [];
    private int _nextCommand;
    private int _outstanding;
    private bool _closing;
    private bool _started;

    /// <param name="agenda">What the students do of their own accord.</param>
    public ShardDriver(
        int shard, Agenda agenda, ICommandTarget runtime, StudentTraffic traffic, DateOnly opens, int days, int mailboxMessagesMax, RunControl control, Pace? pace = null)
    {
        _shard = shard;
        _agenda = agenda;
        _runtime = runtime;
        _traffic = traffic;
        _opens = opens;
        _days = days;
        (_control, _pace) = (control, pace);

        // The two marks of a day find room beside the day's commands.
        _postedMax = Math.Max(1, mailboxMessagesMax - 2);
    }

    /// <summary>What the traffic was made of; a resumed run counts the closed days again as it takes their steps.</summary>
    public Marginals Marginals => _agenda.Marginals;

    /// <summary>Days closed, of the horizon's.</summary>
    public int DaysClosed { get; private set; }

    /// <summary>Commands decided in this run.</summary>
    public long Decided { get; private set; }

    bool IPaced.IsOfParties => false;

    private DateOnly Day => _opens.AddDays(DaysClosed);

    /// <summary>
    /// Takes up after the last closed day: the same steps are taken and the journal's outcomes answered to them, without the engine. A day
    /// that was begun and not closed is begun again; what of it is durable is answered as the first time.
    /// </summary>
    public void Resume(IJournal journal, DateOnly lastClosed)
    {
        if (lastClosed < _opens)
            return;
        BeginReplayDay();
        foreach (var entry in History.OfShard(journal, _shard))
        {
            var header = entry.Header;
            if (!header.IsCommand || IsFromALedger(header.Id))
                continue;
            if (header.Known > lastClosed)
                break;
            while (Day < header.Known)
                EndReplayDay();
            var revised = ClaimsRevised.Of(header.Id, entry.Events);
            _traffic.React(header.Student, header.Id, header.Outcome, header.Reason, Day, _agenda, revised?.Claims);
        }

        while (Day < lastClosed)
            EndReplayDay();
        CloseDay();
    }

    /// <summary>
    /// Starts: the first message is answered by the thread that runs the shard, and from then on that thread alone runs the driver.
    /// </summary>
    public void Start()
    {
        if (DaysClosed >= _days)
            _control.DriverDone();
        else
            Wake();
    }

    /// <summary>A day that is open already is opened again, which does nothing: the answer brings the driver back to its shard's thread.</summary>
    public void Wake()
    {
        _started = false;
        Post(CommandKind.OpenDay, DaysClosed == 0 ? Day : Day.AddDays(-1));
    }

    private void BeginDay()
    {
        var sign = DaysClosed >= _days || _control.IsStopping ? PaceSign.Over : _pace?.Enter(this, DaysClosed) ?? PaceSign.Go;
        if (sign == PaceSign.Over)
            _control.DriverDone();
        if (sign != PaceSign.Go)
            return;
        PrepareDay();
        _closing = false;
        Post(CommandKind.OpenDay, Day);
        PostCommands();
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        _outstanding--;
        if (reply.IsDecision)
        {
            if (reply.Command.Kind.IsCommand())
            {
                Decided++;
                _traffic.React(student, reply.Command, reply.Outcome, reply.Reason, Day, _agenda, (reply.Answer as ClaimsRevised)?.Claims);
            }
        }
        else
        {
            _control.Fail(student, reply);
        }

        if (_outstanding == 0)
            GoOn();
    }

    private void GoOn()
    {
        if (_control.HasFailed)
        {
            _control.DriverDone();
        }
        else if (!_started)
        {
            _started = true;
            BeginDay();
        }
        else if (_closing)
        {
            CloseDay();
            BeginDay();
        }
        else
        {
            PostCommands();
        }
    }

    /// <summary>Posts what the mailbox takes; the rest follows when that is answered: in a simulation a full mailbox makes the sender wait.</summary>
    private void PostCommands()
    {
        var until = Math.Min(_commands.Count, _nextCommand + _postedMax);

        // Counted first: the first answer may come before the last post.
        _outstanding += until - _nextCommand;
        var next = CollectionsMarshal.AsSpan(_commands)[_nextCommand..until];
        _nextCommand = until;
        if (_runtime.TryPostAll(next, this) < next.Length)
            throw new InvalidOperationException($"shard {_shard} is overloaded by its only sender");
        if (_nextCommand < _commands.Count)
            return;
        _closing = true;
        Post(CommandKind.CloseDay, Day);
    }

    private void Post(CommandKind mark, DateOnly day)
    {
        _outstanding++;
        if (!_runtime.TryPostDay(_shard, mark, day, this))
            throw new InvalidOperationException($"shard {_shard} is overloaded by its only sender");
    }

    private void PrepareDay()
    {
        _agenda.TakeNext(_steps);
        _commands.Clear();
        _nextCommand = 0;
        foreach (var step in _steps)
            _traffic.Act(step, Day, _commands, Marginals);
    }

    private void BeginReplayDay() => PrepareDay();

    private void EndReplayDay()
    {
        CloseDay();
        PrepareDay();
    }

    private void CloseDay()
    {
        _pace?.Through(this, DaysClosed);
        DaysClosed++;
    }

    /// <summary>A ledger tells a claim of a set-off by itself, and nobody here waits for the answer.</summary>
    private static bool IsFromALedger(CommandId id) => id.Kind == CommandKind.RecoverOverpayment && id.Attempt >= LedgerDecider.FirstAttempt;
}
