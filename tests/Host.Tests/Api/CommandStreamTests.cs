using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Tests;
using Amoe.Engine.Text;
using Amoe.Host.Access;
using Amoe.Host.Api.Streams;
using Amoe.Host.Live;

namespace Amoe.Host.Tests.Api;

/// <summary>A stream over a scheme that is busy, silent or broken.</summary>
public sealed class CommandStreamTests : IDisposable
{
    private const string Forward = """{"command":"forward_application","student":1,"reference":1,"desk":"onousc"}""";

    private const string OpenDay = """{"command":"open_day","known":"2025-09-01"}""";

    private static readonly Caller _development = new(
        "development", "development", Role.Fund, null, null)
    { IsDevelopment = true };
    private static readonly Caller _institution = new(
        "key", "an institution", Role.Institution, Lines.Institution, null);

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private static readonly DateOnly _monday = new(2025, 9, 1);

    private readonly VirtualTime _time = new();
    private readonly TestFolder _folder = new();
    private readonly ScriptedScheme _scheme = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_that_is_interrupted_is_answered_overloaded_and_the_stream_ends(bool isCommand)
    {
        _scheme.IsBusy = isCommand;
        _scheme.IsSilent = !isCommand;
        using var stop = new CancellationTokenSource();
        var (running, log) = Run(
            _development, isCommand ? Lines.DeclarationOf(1) : OpenDay, takesKnown: !isCommand, stop.Token);
        await _scheme.Asked;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(["overloaded"], await OutcomesAsync(log));
    }

    [Fact]
    public async Task A_scheme_that_fails_to_take_a_line_ends_the_stream_and_keeps_it_not_waiting()
    {
        _scheme.Fails = true;
        var (running, log) = Run(_development, Lines.DeclarationOf(1), takesKnown: false, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        Assert.Equal(["overloaded"], await OutcomesAsync(log));
    }

    [Theory]
    [InlineData(Outcome.Unknown, "overloaded")]
    [InlineData(Outcome.Quarantined, "quarantined")]
    public async Task A_line_whose_owner_the_scheme_does_not_say_is_not_forbidden(Outcome answered, string outcome)
    {
        _scheme.Questions = answered;
        var (running, log) = Run(_institution, Forward, takesKnown: false, CancellationToken.None);
        await running;
        Assert.Equal([outcome], await OutcomesAsync(log));
    }

    [Fact]
    public async Task No_day_opens_over_an_opening_balance_that_has_to_be_sent_again()
    {
        _scheme.Answers = Outcome.Unknown;
        var days = Days(_monday.AddDays(-5));
        string[] lines = [.. ((string[])["2025-08-27", "2025-08-27", "2025-08-28", "2025-08-29"]).Select(
            (day, line) => Lines.DeclarationOf((ulong)line + 1).Replace(
            "{\"command\"", $"{{\"known\":\"{day}\",\"command\"", StringComparison.Ordinal))];
        var (running, log) = Run(
            _development, string.Join('\n', lines), takesKnown: false, CancellationToken.None, days,
            StreamKind.Opening);
        await running.WaitAsync(_patience);
        Assert.Equal(["unknown", "unknown", "overloaded", "overloaded"], await OutcomesAsync(log));
        Assert.Equal(_monday.AddDays(-5), days.Today);

        _scheme.Answers = Outcome.Done;
        (running, log) = Run(
            _development, string.Join('\n', lines), takesKnown: false, CancellationToken.None, days,
            StreamKind.Opening);
        await running.WaitAsync(_patience);
        Assert.Equal(["done", "done", "done", "done"], await OutcomesAsync(log));
        Assert.Equal(_monday.AddDays(-3), days.Today);
    }

    [Fact]
    public async Task Lines_that_came_while_the_day_changed_are_of_the_new_day_and_before_those_behind_them()
    {
        // The partition of students has opened the day when the first line comes, and that of ledgers has not.
        _scheme.IsLedgerSilent = true;
        var days = Days();
        var opened = Task.CompletedTask;
        _scheme.Posting = () => opened = days.OpenThroughAsync(_monday, CancellationToken.None);
        var lines = $"{Lines.DeclarationOf(1)}\n{Forward}";
        var (running, log) = Run(_development, lines, takesKnown: false, CancellationToken.None, days);
        var answerLedger = await _scheme.LedgerMarked;
        Assert.False(running.IsCompleted, "it did not wait for the day");
        Assert.Equal(["declare 2025-08-31"], _scheme.Posted);
        answerLedger();
        await running.WaitAsync(_patience);
        await opened;
        Assert.Equal(["declare 2025-08-31", "declare 2025-09-01", "forward_application 2025-09-01"], _scheme.Posted);
        Assert.Equal(["done", "done"], await OutcomesAsync(log));
    }

    [Fact]
    public async Task A_line_of_a_day_that_another_host_has_closed_waits_for_this_hosts_clock()
    {
        var days = Days();
        _scheme.Day = _monday;
        var (running, log) = Run(
            _development, Lines.DeclarationOf(1), takesKnown: false, CancellationToken.None, days);
        await _scheme.Asked;
        await days.OpenThroughAsync(_monday, CancellationToken.None);
        await running.WaitAsync(_patience);
        Assert.Equal(["declare 2025-08-31", "declare 2025-09-01"], _scheme.Posted);
        Assert.Equal(["done"], await OutcomesAsync(log));
    }

    [Fact]
    public async Task A_line_whose_day_is_over_elsewhere_and_not_on_this_host_is_stale_after_some_seconds()
    {
        _scheme.Day = _monday;
        var (running, log) = Run(
            _development, Lines.DeclarationOf(1), takesKnown: false, CancellationToken.None);
        await VirtualTimePassesAsync(() => running.IsCompleted);
        await running;
        Assert.Equal(TimeSpan.FromSeconds(10), _time.Elapsed);
        Assert.Equal(["declare 2025-08-31"], _scheme.Posted);
        Assert.Equal(["stale"], await OutcomesAsync(log));
    }

    [Fact]
    public async Task A_line_that_says_its_day_itself_is_stale_at_once()
    {
        _scheme.Day = _monday;
        var line = Lines.DeclarationOf(1).Replace(
            "{\"command\"", "{\"known\":\"2025-08-31\",\"command\"", StringComparison.Ordinal);
        var (running, log) = Run(_development, line, takesKnown: true, CancellationToken.None);
        await running.WaitAsync(_patience);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
        Assert.Equal(["stale"], await OutcomesAsync(log));
    }

    [Fact]
    public async Task A_late_line_of_a_host_that_ends_is_to_be_sent_again()
    {
        _scheme.Day = _monday;
        using var stop = new CancellationTokenSource();
        var (running, log) = Run(_development, Lines.DeclarationOf(1), takesKnown: false, stop.Token);
        await _scheme.Asked;
        await stop.CancelAsync();
        await Task.WhenAny(running).WaitAsync(_patience);
        Assert.Equal(["overloaded"], await OutcomesAsync(log));
    }

    public void Dispose() => _folder.Dispose();

    /// <param name="last">The day that is open; the one before the clock's where none is said.</param>
    private BusinessDays Days(DateOnly? last = null) =>
        new(_scheme, last ?? _monday.AddDays(-1), _time, new LinesLogger(_ => { }));

    /// <summary>Lets time pass, a due thing at a time, until a condition holds.</summary>
    private async Task VirtualTimePassesAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, "it did not come about");
            if (!_time.RunNext())
                await Task.Yield();
        }
    }

    private (Task Running, AnswerLog Log) Run(
        Caller caller, string lines, bool takesKnown, CancellationToken stop, BusinessDays? daysOfHost = null,
        StreamKind kind = StreamKind.Mixed)
    {
        var log = new AnswerLog(Path.GetDirectoryName(_folder.File("any"))!, _time);
        var days = daysOfHost ?? Days();
        var ownership = new Ownership((_, _) => throw new OwnerNotKnownException(_scheme.Questions));
        var rules = new StreamRules(kind, takesKnown, caller, ownership);
        var stream = new CommandStream(_scheme, days, rules, log, _time);
        var body = PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(lines + "\n")));
        return (stream.RunAsync(new JsonLines(new LineReader(body, CommandStream.LineBytesMax, _ => { }), rules, days),
            stop), log);
    }

    private static async Task<string[]> OutcomesAsync(AnswerLog log)
    {
        using var output = new MemoryStream();
        log.End();
        await log.CopyAsync(1, output, CancellationToken.None);
        log.Dispose();
        return [.. Encoding.UTF8.GetString(output.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()!)];
    }

    /// <summary>A scheme that does as a test says.</summary>
    private sealed class ScriptedScheme : ICommandTarget
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<Action> _ledger = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends once it was asked for something.</summary>
        public Task Asked => _asked.Task;

        /// <summary>The commands that it took, each with the day on which it became known.</summary>
        public ConcurrentQueue<string> Posted { get; } = [];

        /// <summary>The day that the partition of students has open: an earlier command is stale.</summary>
        public DateOnly Day { get; set; }

        /// <summary>Called before the first command is decided.</summary>
        public Action Posting { get; set; } = () => { };

        /// <summary>The partition of ledgers opens a day when a test says so (<see cref="LedgerMarked"/>).</summary>
        public bool IsLedgerSilent { get; set; }

        /// <summary>It takes no command.</summary>
        public bool IsBusy { get; set; }

        /// <summary>It takes marks and never answers them.</summary>
        public bool IsSilent { get; set; }

        public bool Fails { get; set; }

        /// <summary>What commands are answered.</summary>
        public Outcome Answers { get; set; } = Outcome.Done;

        /// <summary>What questions are answered.</summary>
        public Outcome Questions { get; set; }

        /// <summary>Ends once the partition of ledgers has taken a mark: with what answers it.</summary>
        public Task<Action> LedgerMarked => _ledger.Task;

        public int StudentPartitions => 1;

        public int LedgerPartitions => 1;

        public long IncarnationOf(int partition) => 1;

        public bool TryPost(Command command, IReplyTo replyTo)
        {
            _asked.TrySetResult();
            if (Fails)
                throw new InvalidOperationException("it takes nothing any more");
            if (IsBusy)
                return false;
            Posted.Enqueue($"{SnakeCase<CommandKind>.NameOf(command.Kind)} {command.Known:yyyy-MM-dd}");
            if (Posted.Count == 1)
                Posting();
            replyTo.OnReply(
                command.Student, new Reply(command.Id, command.Known < Day ? Outcome.Stale : Answers));
            return true;
        }

        public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
        {
            _asked.TrySetResult();
            if (partition == 0 && mark == CommandKind.OpenDay)
                Day = day;
            if (partition == 1 && mark == CommandKind.OpenDay && IsLedgerSilent)
                _ledger.SetResult(() => replyTo.OnReply(default, new Reply(new CommandId(mark, 0), Outcome.Done)));
            else if (!IsSilent)
                replyTo.OnReply(default, new Reply(new CommandId(mark, 0), Outcome.Done));
            return true;
        }
    }
}
