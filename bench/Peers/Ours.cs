using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Rules;
using Clock = Amoe.Bench.Ladder.Clock;

namespace Amoe.Bench.Peers;

/// <summary>
/// This engine on its own runtime: partitions that persist turns. Due dates are fired by the marks of days, which count
/// as under way like commands and are counted as no command done.
/// </summary>
internal sealed class Ours(PeerRun run, IActorRuntime runtime) : IReplyTo, IDisposable
{
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromMinutes(2);

    private readonly ManualResetEventSlim _wake = new();
    private int _underWay;
    private int _wakeAt;
    private long _posts;
    private long _underWaySum;
    private volatile string? _failure;

    public static async Task<Driven> RunAsync(PeerRun run)
    {
        var identity = run.Year.Identity with { StudentPartitions = run.Store.Partitions.Students };
        var options = new EngineOptions();
        options = options with { MailboxMessagesMax = Math.Max(options.MailboxMessagesMax, run.Concurrency) };
        await using var started = await run.Place.StartAsync(identity, new AmoeLogic(Rulebook.Embedded), options);
        using var ours = new Ours(run, started.Runtime);
        return ours.Run();
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        if (!reply.IsDecision)
            _failure = $"{run.Name}: command {reply.Command} of student {student} was answered {reply.Outcome}";
        if (Interlocked.Decrement(ref _underWay) == Volatile.Read(ref _wakeAt))
            _wake.Set();
    }

    public void Dispose() => _wake.Dispose();

    private Driven Run()
    {
        var days = DaysOf(run.Year.Of(run.Students));
        var clock = Clock.Start(run.Store);
        var started = Stopwatch.GetTimestamp();
        var (day, commands) = (0, 0L);
        for (; day < days.Length; day++)
        {
            if (run.Stop.IsCancellationRequested || Stopwatch.GetElapsedTime(started) > run.Limit)
                break;
            foreach (var (partition, own) in days[day])
            {
                PostDay(partition, CommandKind.OpenDay, run.Year.Opens.AddDays(day));
                PostAll(own);
                PostDay(partition, CommandKind.CloseDay, run.Year.Opens.AddDays(day));
                commands += own.Length;
            }
        }

        AwaitAtMost(0);
        var taken = clock.Stop();
        var isWhole = day == days.Length;
        if (day > 0 && runtime.Inspect().Digest != DigestThrough(run.Year.Opens.AddDays(day - 1)))
            throw new PeerException($"{run.Name} with {run.Concurrency} under way decided otherwise than the engine");
        return new Driven(taken, commands, (double)_underWaySum / Math.Max(1, _posts), isWhole);
    }

    private ulong DigestThrough(DateOnly day) =>
        day == run.Year.Closes ? run.Year.DigestOf(run.Students) : run.Year.DigestOf(run.Students, day);

    /// <summary>By day, each partition that has students of this run, and its commands of that day.</summary>
    private (int Partition, Command[] Commands)[][] DaysOf(YearCommand[] commands)
    {
        int[] partitions = [.. commands.Select(PartitionOf).Distinct().Order()];
        var byDay = commands.GroupBy(command => command.Day).ToDictionary(
            day => day.Key, day => day.ToLookup(PartitionOf, command => command.Command));
        var days = Enumerable.Range(0, run.Year.Closes.DayNumber - run.Year.Opens.DayNumber + 1);
        return [.. days.Select(day => partitions.Select(partition => (partition, Of(day, partition))).ToArray())];

        Command[] Of(int day, int partition) =>
            byDay.TryGetValue(run.Year.Opens.AddDays(day), out var own) ? [.. own[partition]] : [];
    }

    private int PartitionOf(YearCommand command) => command.Command.Student.PartitionOf(runtime.StudentPartitions);

    private void PostDay(int partition, CommandKind mark, DateOnly day)
    {
        Count(Math.Min(AwaitRoom(), 1));
        Require(runtime.TryPostDay(partition, mark, day, this));
    }

    private void PostAll(Command[] commands)
    {
        for (var posted = 0; posted < commands.Length;)
        {
            var next = commands.AsSpan(posted, Math.Min(AwaitRoom(), commands.Length - posted));
            Count(next.Length);
            Require(runtime.TryPostAll(next, this) == next.Length);
            posted += next.Length;
        }
    }

    private void Count(int posted)
    {
        _underWaySum += Interlocked.Add(ref _underWay, posted) * (long)posted;
        _posts += posted;
    }

    /// <summary>How many may be posted now: at least one.</summary>
    private int AwaitRoom()
    {
        // Woken a little before the last place is free: a wake-up for each answer would cost more than the answer.
        if (Volatile.Read(ref _underWay) >= run.Concurrency)
            AwaitAtMost(run.Concurrency - Math.Max(1, run.Concurrency / 16));
        return run.Concurrency - Volatile.Read(ref _underWay);
    }

    private void AwaitAtMost(int underWay)
    {
        Volatile.Write(ref _wakeAt, underWay);
        _wake.Reset();
        if (Volatile.Read(ref _underWay) > underWay && !_wake.Wait(_answerTimeout))
            throw new PeerException($"{run.Name} did not answer {_underWay:N0} commands");
        if (_failure is { } failure)
            throw new PeerException(failure);
    }

    private void Require(bool posted)
    {
        if (!posted)
            throw new PeerException($"{run.Name} is overloaded by its only sender");
    }
}
