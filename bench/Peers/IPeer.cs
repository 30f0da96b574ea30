using Amoe.Bench.Ladder;
using Amoe.Engine.Domain;

namespace Amoe.Bench.Peers;

/// <summary>A way of keeping students: what decides a command, makes it durable, and only then answers.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>
    /// Decides a command, or what has fallen due where it is null. A student is asked one thing at a time.
    /// </summary>
    ValueTask<Decided> AskAsync(StudentId student, Command? command, DateOnly day);
}

/// <summary>One run of a peer on an empty store.</summary>
/// <param name="Students">The first so many of the year's.</param>
/// <param name="Concurrency">Commands under way at most.</param>
/// <param name="Limit">After which it is stopped.</param>
internal sealed record PeerRun(
    string Name, Year Year, int Students, int Concurrency, TimeSpan Limit, ILadderStore Store, ILadderPlace Place,
    CancellationToken Stop);

/// <summary>A peer of the comparison.</summary>
/// <param name="Name">As <c>--peers</c> and the table have it.</param>
/// <param name="Settings">What it is and how it is set, in a line.</param>
internal sealed record PeerKind(string Name, bool IsOnPostgres, string Settings, Func<PeerRun, Task<Driven>> RunAsync)
{
    /// <summary>True where days are opened, so that what is under way is of one day, or of few.</summary>
    public bool OpensDays { get; init; }

    /// <summary>A peer that is asked one command at a time by the shared driver.</summary>
    public static PeerKind Asked(
        string name, bool isOnPostgres, string settings, Func<PeerRun, Task<IPeer>> startAsync) => new(
        name, isOnPostgres, settings, async run =>
        {
            await using var peer = await startAsync(run);
            return await new Driver(run, peer).RunAsync();
        });
}

/// <summary>A command on its way to an actor, and the promise of its answer.</summary>
internal sealed class PeerRequest(StudentId student, Command? command, DateOnly day)
{
    private readonly TaskCompletionSource<Decided> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StudentId Student => student;

    public Task<Decided> Answer => _answer.Task;

    public Decided DecideOn(StudentHistory history) => Decider.Decide(history, command, day);

    public void Complete(in Decided decided) => _answer.TrySetResult(decided);

    public void Fail(Exception why) => _answer.TrySetException(why);
}

/// <summary>A peer does other work than the engine, or does not work. The message is one line for a person.</summary>
internal sealed class PeerException(string message) : Exception(message);
