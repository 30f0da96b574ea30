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
/// Drives one partition through the virtual days: opens a day, posts its commands in their order, closes it, and turns
/// the answers into later days' steps. A day begins only when the one before is durable, so a partition's traffic
/// follows from durable outcomes alone.
/// </summary>
internal sealed class PartitionDriver : IReplyTo, IPaced
{
    private readonly int _partition;
    private readonly ICommandTarget _runtime;
    private readonly StudentTraffic _traffic;
    private readonly Agenda _agenda;
    private readonly DateOnly _opens;
    private readonly int _days;
    private readonly int _postedMax;
    private readonly RunControl _control;
    private readonly DayBarrier? _barrier;
    private readonly List<Step> _steps = [];
    private readonly List<Command> _commands = [];
    private readonly Resending _resending;

    // Of the commands now under way, those that were decided; null where a lost one ends the run.
    private readonly HashSet<(StudentId Student, CommandId Command)>? _decided;
    private int _firstUnderWay;
    private int _nextCommand;
    private int _outstanding;
    private bool _closing;
    private bool _started;
    private bool _isOpeningAgain;

    /// <param name="agenda">What the students do of their own accord.</param>
    public PartitionDriver(
        int partition, Agenda agenda, ICommandTarget runtime, StudentTraffic traffic, DateOnly opens, int days,
        int mailboxMessagesMax, RunControl control, DayBarrier? barrier = null)
    {
        _partition = partition;
        _agenda = agenda;
        _runtime = runtime;
        _traffic = traffic;
        _opens = opens;
        _days = days;
        (_control, _barrier) = (control, barrier);

        _resending = new Resending(partition, runtime, control, OpenAgain);
        _decided = control.IsPatient ? [] : null;

        // The two marks of a day find room beside the day's commands.
        _postedMax = Math.Max(1, mailboxMessagesMax - 2);
    }

    /// <summary>
    /// The counts of the traffic; a resumed run counts the closed days again as it takes their steps.
    /// </summary>
    public Marginals Marginals => _agenda.Marginals;

    /// <summary>Days closed, of the horizon's.</summary>
    public int DaysClosed { get; private set; }

    /// <summary>Commands decided in this run.</summary>
    public long Decided { get; private set; }

    bool IPaced.IsOfParties => false;

    long IReplyTo.Incarnation => _resending.Incarnation;

    private DateOnly Day => _opens.AddDays(DaysClosed);

    /// <summary>
    /// Takes up after the last closed day: the same steps are taken and the journal's outcomes answered to them,
    /// without the engine. A day that was begun and not closed is begun again; what of it is durable is answered as the
    /// first time.
    /// </summary>
    public void Resume(IJournal journal, DateOnly lastClosed)
    {
        if (lastClosed < _opens)
            return;
        BeginReplayDay();
        foreach (var entry in History.OfPartition(journal, _partition))
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
    /// Starts: the first message is answered by the thread that runs the partition, and from then on that thread alone
    /// runs the driver.
    /// </summary>
    public void Start()
    {
        _resending.Begin();
        if (DaysClosed >= _days)
            _control.DriverDone();
        else
            Wake();
    }

    /// <summary>
    /// A day that is open already is opened again, which does nothing: the answer brings the driver back to its
    /// partition's thread.
    /// </summary>
    public void Wake()
    {
        _started = false;
        Post(CommandKind.OpenDay, DaysClosed == 0 ? Day : Day.AddDays(-1));
    }

    private void BeginDay()
    {
        var sign = DaysClosed >= _days || _control.IsStopping
            ? BarrierSign.Over
            : _barrier?.Enter(this, DaysClosed) ?? BarrierSign.Go;
        if (sign == BarrierSign.Over)
            _control.DriverDone();
        if (sign != BarrierSign.Go)
            return;
        PrepareDay();
        _closing = false;

        // One more than was posted until all of it is: where a partition fails meanwhile, another thread answers.
        Interlocked.Increment(ref _outstanding);
        Post(CommandKind.OpenDay, Day);
        PostCommands();
        Answered();
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        if (reply.IsDecision)
        {
            if (reply.Command.Kind.IsCommand())
            {
                Decided++;
                _decided?.Add((student, reply.Command));
                _traffic.React(
                    student, reply.Command, reply.Outcome, reply.Reason, Day, _agenda,
                    (reply.Answer as ClaimsRevised)?.Claims);
            }
        }
        else if (!_resending.TakeLost(student, reply))
        {
            _control.Fail(student, reply);
        }

        Answered();
    }

    private void Answered()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
            GoOn();
    }

    private void GoOn()
    {
        if (_control.HasFailed)
        {
            _control.DriverDone();
        }
        else if (_resending.HasLost)
        {
            if (!_resending.TryAgainLater())
                _control.DriverDone();
        }
        else if (_isOpeningAgain)
        {
            _isOpeningAgain = false;
            PostAgain();
        }
        else
        {
            _resending.Succeeded();
            GoOnWithDay();
        }
    }

    private void GoOnWithDay()
    {
        if (!_started)
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

    /// <summary>
    /// Posts what the mailbox takes; the rest follows when that is answered: in a simulation a full mailbox makes the
    /// sender wait.
    /// </summary>
    private void PostCommands()
    {
        var until = Math.Min(_commands.Count, _nextCommand + _postedMax);
        var next = CollectionsMarshal.AsSpan(_commands)[_nextCommand..until];
        (_firstUnderWay, _nextCommand) = (_nextCommand, until);
        _decided?.Clear();
        Interlocked.Increment(ref _outstanding);
        Post(next);
        if (_nextCommand == _commands.Count)
        {
            _closing = true;
            Post(CommandKind.CloseDay, Day);
        }

        Answered();
    }

    /// <summary>
    /// The store is back: the day is opened for the partition's new incarnation, which does nothing where it is open,
    /// and the answer brings the driver back to its partition's thread.
    /// </summary>
    private void OpenAgain()
    {
        if (!_started)
        {
            Wake();
            return;
        }

        _isOpeningAgain = true;
        Post(CommandKind.OpenDay, Day);
    }

    /// <summary>
    /// Posts the commands that were under way and not decided, in order. One that is already in the journal is answered
    /// with its first outcome.
    /// </summary>
    private void PostAgain()
    {
        Command[] lost = [.. _commands.Skip(_firstUnderWay)
            .Take(_nextCommand - _firstUnderWay)
            .Where(command => !_decided!.Contains((command.Student, command.Id)))];
        Interlocked.Increment(ref _outstanding);
        Post(lost);
        if (_closing)
            Post(CommandKind.CloseDay, Day);
        Answered();
    }

    private void Post(ReadOnlySpan<Command> commands)
    {
        // Counted first: the first answer may come before the last post.
        Interlocked.Add(ref _outstanding, commands.Length);
        if (_runtime.TryPostAll(commands, this) < commands.Length)
            throw new InvalidOperationException($"partition {_partition} is overloaded by its only sender");
    }

    private void Post(CommandKind mark, DateOnly day)
    {
        Interlocked.Increment(ref _outstanding);
        if (!_runtime.TryPostDay(_partition, mark, day, this))
            throw new InvalidOperationException($"partition {_partition} is overloaded by its only sender");
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
        _barrier?.Through(this, DaysClosed);
        DaysClosed++;
    }

    /// <summary>A ledger tells a claim of a set-off by itself, and nothing here waits for the answer.</summary>
    private static bool IsFromALedger(CommandId id) =>
        id.Kind == CommandKind.RecoverOverpayment && id.Attempt >= LedgerDecider.FirstAttempt;
}
