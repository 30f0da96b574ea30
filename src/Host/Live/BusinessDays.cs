using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Live;

/// <summary>
/// Opens business days on a live host by Morocco's calendar: at midnight the day that ends is closed and the next one
/// opened, on every partition. After downtime every day between is opened in turn, so what fell due on it fires as of
/// that day.
/// </summary>
internal sealed class BusinessDays : IAsyncDisposable
{
    /// <summary>
    /// The most days that are caught up without being asked for: days that were opened are never taken back, and a
    /// wrong clock must not open years of them.
    /// </summary>
    public const int CaughtUpUnaskedMax = 366;

    private const string ZoneName = "Africa/Casablanca";

    /// <summary>The wall clock may be set meanwhile: no wait for midnight is longer.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _againAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a partition may not take a mark before the others go on without it.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <summary>How much earlier than this host's the clock of another may open a day.</summary>
    private static readonly TimeSpan _clocksApart = TimeSpan.FromSeconds(10);

    private readonly ICommandTarget _scheme;
    private readonly TimeProvider _time;
    private readonly TimeZoneInfo _zone;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ended = new();
    private Task _running = Task.CompletedTask;
    private Task _opening = Task.CompletedTask;
    private TaskCompletionSource _next = NewSource();
    private int _today;

    /// <param name="last">The last day that every partition has opened; default where none was.</param>
    /// <exception cref="InputException">The system has no time zone of Morocco.</exception>
    public BusinessDays(ICommandTarget scheme, DateOnly last, TimeProvider time, ILogger log)
    {
        (_scheme, _today, _time, _log) = (scheme, last.DayNumber, time, log);
        _zone = FindZone();
    }

    /// <summary>The day that is open: commands become known on it.</summary>
    public DateOnly Today => DateOnly.FromDayNumber(Volatile.Read(ref _today));

    /// <summary>Days from the one that is open to the calendar's; null before one is open.</summary>
    public long? Lag => Today == default ? null : Calendar.DayNumber - Today.DayNumber;

    /// <summary>
    /// Ends when no day is being opened. Until then some partitions take commands of the new day, and others of the old
    /// one.
    /// </summary>
    public Task Opening => Volatile.Read(ref _opening);

    /// <summary>A command that came while the day was changing, as one of the day that is open.</summary>
    public Command OfToday(Command command) =>
        command with { Known = Today, Effective = command.EffectiveWhenKnown ? Today : command.Effective };

    /// <summary>
    /// True where a later day is open, once none is being opened. Waits some seconds for one that another host has
    /// opened: this host's clock may be behind.
    /// </summary>
    /// <param name="day">One that a partition says is over.</param>
    /// <param name="cancellation">Ends the wait, without an exception.</param>
    public async Task<bool> IsOverAsync(DateOnly day, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                // Before the look: a day that opens behind it ends the wait.
                var next = Volatile.Read(ref _next).Task;
                await Opening.WaitAsync(cancellation);
                if (day < Today)
                    return true;
                await next.WaitAsync(_clocksApart, _time, cancellation);
            }
        }
        catch (TimeoutException) when (!Opening.IsCompleted)
        {
            return await IsOverAsync(day, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return day < Today;
        }
    }

    /// <summary>The day by the calendar of Morocco.</summary>
    public DateOnly Calendar => DayOf(_time, _zone);

    /// <summary>The day by the calendar of Morocco, where a host may open it.</summary>
    /// <param name="last">The last day that was opened; default where none was.</param>
    /// <param name="catchesUp">True where more than a year may be caught up.</param>
    /// <exception cref="InputException">
    /// The clock is behind the journal, or more than a year ahead; the system has no time zone of Morocco.
    /// </exception>
    public static DateOnly RequireDay(DateOnly last, bool catchesUp, TimeProvider time)
    {
        var day = DayOf(time, FindZone());
        if (last != default && day < last)
            throw new InputException(
                $"the clock says {day:yyyy-MM-dd}, and the journal has opened {last:yyyy-MM-dd} already: set the clock of this machine, or wait for that day.");
        if (!catchesUp && last != default && day.DayNumber - last.DayNumber > CaughtUpUnaskedMax)
            throw new InputException(
                $"the clock says {day:yyyy-MM-dd}, and the last day of the journal is {last:yyyy-MM-dd}. Days that were opened are never taken back: if the clock is right, add --catch-up.");
        return day;
    }

    /// <summary>Opens the days up to this one, and from then on each at its midnight.</summary>
    /// <param name="catchesUp">True where more than a year may be caught up.</param>
    /// <exception cref="InputException">The clock is behind the journal, or more than a year ahead.</exception>
    public async Task StartAsync(bool catchesUp, CancellationToken cancellation)
    {
        var day = RequireDay(Today, catchesUp, _time);
        await OpenThroughAsync(day, cancellation);

        // Where another process opened it and ended before every partition had the mark.
        await MarkAsync(CommandKind.OpenDay, day, cancellation);
        _running = RunAsync();
    }

    /// <summary>
    /// Opens the days up to one, each once the one before is closed, whatever the clock says: where days come from a
    /// stream. A day that is open already stays so.
    /// </summary>
    public async Task OpenThroughAsync(DateOnly day, CancellationToken cancellation)
    {
        var opened = NewSource();
        Volatile.Write(ref _opening, opened.Task);
        try
        {
            await OpenEachAsync(day, cancellation);
        }
        finally
        {
            opened.SetResult();
        }
    }

    private async Task OpenEachAsync(DateOnly day, CancellationToken cancellation)
    {
        var first = Today == default ? day : Today.AddDays(1);
        var began = _time.GetTimestamp();
        for (var next = first; next <= day; next = next.AddDays(1))
        {
            using var span = Spans.OpenDay(next);
            await CloseTodayAsync(cancellation);
            await MarkAsync(CommandKind.OpenDay, next, cancellation);
            Volatile.Write(ref _today, next.DayNumber);
            Interlocked.Exchange(ref _next, NewSource()).SetResult();
            if (_time.GetElapsedTime(began) > _lookEvery / 15)
            {
                _log.OpeningDays(next, first, day);
                began = _time.GetTimestamp();
            }
        }
    }

    /// <summary>Closes the day that is open. Commands of it may still come: it is the next day that ends it.</summary>
    public async Task CloseTodayAsync(CancellationToken cancellation)
    {
        if (Today != default)
            await MarkAsync(CommandKind.CloseDay, Today, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            for (var isSaid = false; ;)
            {
                await Task.Delay(UntilTheNextLook(), _time, _ended.Token);
                var day = Calendar;
                if (day.DayNumber - Today.DayNumber > CaughtUpUnaskedMax)
                {
                    if (!isSaid)
                        _log.ClockFarAhead(day, Today);
                    isSaid = true;
                    continue;
                }

                isSaid = false;
                if (day > Today)
                {
                    await OpenThroughAsync(day, _ended.Token);
                    _log.DayOpen(Today);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeZoneInfo FindZone()
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(ZoneName);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new InputException(
                $"{ZoneName}: this system has no such time zone, and business days follow it. Install its time zones (Debian: apt-get install tzdata).");
        }
    }

    private static DateOnly DayOf(TimeProvider time, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);

    private TimeSpan UntilTheNextLook()
    {
        var now = TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _zone);
        var midnight = now.Date.AddDays(1) - now.DateTime;
        return midnight < _lookEvery ? midnight : _lookEvery;
    }

    /// <summary>
    /// Marks a day on the partitions of students, then on those of ledgers, which find the postings of the days before.
    /// </summary>
    private async Task MarkAsync(CommandKind mark, DateOnly day, CancellationToken cancellation)
    {
        await MarkAsync(mark, day, [.. Enumerable.Range(0, _scheme.StudentPartitions)], cancellation);
        await MarkAsync(
            mark, day, [.. Enumerable.Range(_scheme.StudentPartitions, _scheme.LedgerPartitions)], cancellation);
    }

    /// <summary>
    /// One that is out of service is left out: it opens the days that it missed when it serves again.
    /// </summary>
    private async Task MarkAsync(CommandKind mark, DateOnly day, List<int> partitions, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            partitions.RemoveAll(partition => _scheme.IncarnationOf(partition) == ICommandTarget.NoIncarnation);
            var replies = await Task.WhenAll(partitions.Select(partition => PostAsync(partition, mark, day)))
                .WaitAsync(cancellation);
            partitions = [.. partitions.Zip(replies)
                .Where(marked => !marked.Second.IsDecision)
                .Select(marked => marked.First)];
            if (partitions.Count == 0)
                return;
            var outcome = replies.First(reply => !reply.IsDecision).Outcome;
            if (_time.GetElapsedTime(began) > _patience)
            {
                _log.DayGivenUp(day, string.Join(", ", partitions), outcome);
                return;
            }

            if (isFirst)
                _log.DayNotTaken(day, partitions.Count, outcome);
            await Task.Delay(_againAfter, _time, cancellation);
        }
    }

    private Task<Reply> PostAsync(int partition, CommandKind mark, DateOnly day)
    {
        var marked = new Marked();
        return _scheme.TryPostDay(partition, mark, day, marked)
            ? marked.Task
            : Task.FromResult(new Reply(new CommandId(mark, 0), Outcome.Overloaded));
    }

    private sealed class Marked : IReplyTo
    {
        private readonly TaskCompletionSource<Reply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Reply> Task => _source.Task;

        public void OnReply(StudentId student, in Reply reply) => _source.TrySetResult(reply);
    }
}
