using System.Collections.Concurrent;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Tests;
using Amoe.Host.Live;

namespace Amoe.Host.Tests.Live;

/// <summary>The business days of a live host, by Morocco's calendar.</summary>
public sealed class BusinessDaysTests
{
    // The virtual clock begins at nine in the morning of that day, in Casablanca.
    private static readonly DateOnly _monday = new(2025, 9, 1);

    private readonly VirtualTime _time = new();
    private readonly MarkedDays _scheme = new();
    private readonly ConcurrentQueue<string> _said = new();

    [Fact]
    public async Task An_empty_journal_opens_the_day_of_the_calendar_on_students_first()
    {
        await using var days = await StartedAsync(default);
        Assert.Equal(_monday, days.Today);
        Assert.Equal(["open 0 2025-09-01", "open 1 2025-09-01", "open 2 2025-09-01"], _scheme.Marks.Take(3));
    }

    [Fact]
    public async Task A_day_closes_everywhere_before_the_next_one_opens_anywhere()
    {
        await using var days = await StartedAsync(_monday.AddDays(-2));
        Assert.Equal(
            ["close 30", "open 31", "close 31", "open 1"],
            _scheme.Marks.Take(12).Chunk(3).Select(marks =>
                Assert.Single(marks.Select(mark => $"{mark.Split(' ')[0]} {int.Parse(mark[^2..])}").Distinct())));
    }

    [Fact]
    public async Task The_next_day_opens_at_midnight_in_Casablanca_and_no_earlier()
    {
        await using var days = await StartedAsync(_monday);

        // Nine in the morning: fifteen hours to go.
        _time.Advance(TimeSpan.FromHours(15) - TimeSpan.FromSeconds(1));
        Assert.Equal(_monday, days.Today);
        Assert.DoesNotContain(_scheme.Marks, mark => mark.StartsWith("close", StringComparison.Ordinal));
        await PassAsync(() => days.Today > _monday);
        Assert.Equal(_monday.AddDays(1), days.Today);
        Assert.InRange(_time.Elapsed, TimeSpan.FromHours(15), TimeSpan.FromHours(15) + TimeSpan.FromSeconds(30));
        Assert.Contains("2025-09-02 is open", _said);
    }

    [Fact]
    public async Task A_mark_that_is_not_taken_is_made_again_and_said_once()
    {
        _scheme.Refusals = 3;
        var starting = StartedAsync(_monday.AddDays(-1));
        await PassAsync(() => starting.IsCompleted);
        await using var days = await starting;
        Assert.Equal(
            [
                .. Enumerable.Range(0, 3).Select(partition => $"close {partition} 2025-08-31"),
                .. Enumerable.Range(0, 3).Select(partition => $"open {partition} 2025-09-01")
            ],
            _scheme.Marks.Take(6).Order());
        Assert.Single(
            _said,
            line => line.Contains("do not take the day's mark (Unknown); trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partition_that_is_out_of_service_for_good_keeps_no_other_waiting()
    {
        _scheme.OutOfService = 1;
        await using var days = await StartedAsync(_monday.AddDays(-1));
        Assert.Equal(_monday, days.Today);
        Assert.DoesNotContain(_scheme.Marks, mark => mark.Contains(" 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partition_that_takes_no_mark_for_a_minute_keeps_no_other_waiting()
    {
        _scheme.Refuses = 1;
        var starting = StartedAsync(_monday);
        await PassAsync(() => starting.IsCompleted);
        await using var days = await starting;
        Assert.True(_time.Elapsed >= TimeSpan.FromMinutes(1), $"it gave up after {_time.Elapsed}");
        Assert.Contains("2025-09-01: partitions 1 do not take the day's mark (Unknown); going on without them", _said);
    }

    [Fact]
    public async Task A_clock_behind_the_journal_is_refused()
    {
        var refused = await Assert.ThrowsAsync<InputException>(() => StartedAsync(_monday.AddDays(1)));
        Assert.Equal(
            "the clock says 2025-09-01, and the journal has opened 2025-09-02 already: set the clock of this machine, or wait for that day.",
            refused.Message);
        Assert.Empty(_scheme.Marks);
    }

    [Fact]
    public async Task More_than_a_year_is_caught_up_only_where_that_is_asked_for()
    {
        var before = _monday.AddDays(-BusinessDays.CaughtUpUnaskedMax - 1);
        var refused = await Assert.ThrowsAsync<InputException>(() => StartedAsync(before));
        Assert.Contains("if the clock is right, add --catch-up", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_scheme.Marks);
        await using var days = await StartedAsync(before, catchesUp: true);
        Assert.Equal(_monday, days.Today);
    }

    [Fact]
    public async Task A_clock_that_jumps_more_than_a_year_while_the_host_runs_opens_nothing_and_is_said_once()
    {
        await using var days = await StartedAsync(_monday);
        var marks = _scheme.Marks.Count;
        _time.Jump(TimeSpan.FromDays(BusinessDays.CaughtUpUnaskedMax + 1));
        await PassAsync(() => !_said.IsEmpty);
        for (var look = 0; look < 10; look++)
            _time.RunNext();
        Assert.Equal(_monday, days.Today);
        Assert.Equal(marks, _scheme.Marks.Count);
        Assert.Contains("2025-09-01 stays open", Assert.Single(_said), StringComparison.Ordinal);
        Assert.True(days.Lag > BusinessDays.CaughtUpUnaskedMax);

        // Set right again, it opens the next day.
        _time.Jump(TimeSpan.FromDays(-BusinessDays.CaughtUpUnaskedMax));
        await PassAsync(() => days.Today > _monday);
        Assert.Equal(_monday.AddDays(1), days.Today);
    }

    [Fact]
    public async Task While_a_day_is_being_opened_who_has_a_command_can_wait_for_it()
    {
        await using var days = await StartedAsync(_monday);
        Assert.True(days.Opening.IsCompleted);
        _scheme.Refusals = 1;
        var opened = days.OpenThroughAsync(_monday.AddDays(1), CancellationToken.None);
        Assert.False(days.Opening.IsCompleted);
        await PassAsync(() => opened.IsCompleted);
        Assert.True(days.Opening.IsCompletedSuccessfully);
    }

    private async Task<BusinessDays> StartedAsync(DateOnly last, bool catchesUp = false)
    {
        var days = new BusinessDays(_scheme, last, _time, new LinesLogger(_said.Enqueue));
        await days.StartAsync(catchesUp, CancellationToken.None);
        return days;
    }

    /// <summary>Lets time pass, a due thing at a time, until a condition holds.</summary>
    private async Task PassAsync(Func<bool> condition)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromMinutes(1), "it did not come about");
            _time.RunNext();
            await Task.Yield();
        }
    }

    /// <summary>Two partitions of students and one of ledgers that take marks of days and write them down.</summary>
    private sealed class MarkedDays : ICommandTarget
    {
        private readonly ConcurrentQueue<string> _marks = new();

        public int StudentPartitions => 2;

        public int LedgerPartitions => 1;

        public IReadOnlyList<string> Marks => [.. _marks];

        /// <summary>So many marks are answered unknown.</summary>
        public int Refusals { get; set; }

        public int? OutOfService { get; set; }

        /// <summary>A partition that answers unknown.</summary>
        public int? Refuses { get; set; }

        public long IncarnationOf(int partition) => partition == OutOfService ? ICommandTarget.NoIncarnation : 1;

        public bool TryPost(Command command, IReplyTo replyTo) =>
            throw new NotSupportedException("no command is posted");

        public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
        {
            var isTaken = Refusals-- <= 0 && partition != Refuses;
            if (isTaken)
                _marks.Enqueue($"{(mark == CommandKind.OpenDay ? "open" : "close")} {partition} {day:yyyy-MM-dd}");
            replyTo.OnReply(default, new Reply(new CommandId(mark, 0), isTaken ? Outcome.Done : Outcome.Unknown));
            return true;
        }
    }
}
