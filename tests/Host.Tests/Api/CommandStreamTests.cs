using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Tests;
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

    public void Dispose() => _folder.Dispose();

    private (Task Running, AnswerLog Log) Run(Caller caller, string lines, bool takesKnown, CancellationToken stop)
    {
        var log = new AnswerLog(Path.GetDirectoryName(_folder.File("any"))!, _time);
        var days = new BusinessDays(_scheme, new DateOnly(2025, 8, 31), _time, new LinesLogger(_ => { }));
        var ownership = new Ownership((_, _) => throw new OwnerNotKnownException(_scheme.Questions));
        var rules = new StreamRules(StreamKind.Mixed, takesKnown, caller, ownership);
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

        /// <summary>Ends once it was asked for something.</summary>
        public Task Asked => _asked.Task;

        /// <summary>It takes no command.</summary>
        public bool IsBusy { get; set; }

        /// <summary>It takes marks and never answers them.</summary>
        public bool IsSilent { get; set; }

        public bool Fails { get; set; }

        /// <summary>What questions are answered.</summary>
        public Outcome Questions { get; set; }

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
            replyTo.OnReply(command.Student, new Reply(command.Id, Outcome.Done));
            return true;
        }

        public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
        {
            _asked.TrySetResult();
            if (!IsSilent)
                replyTo.OnReply(default, new Reply(new CommandId(mark, 0), Outcome.Done));
            return true;
        }
    }
}
