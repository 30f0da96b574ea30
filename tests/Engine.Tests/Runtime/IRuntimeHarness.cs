using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>
/// A runtime under test, with what the conformance suite has to be able to do to it: stop its store, fail it, throw
/// inside an actor, crash. A second runtime is put under the suite by a second harness.
/// </summary>
internal interface IRuntimeHarness : IAsyncDisposable
{
    IActorRuntime Runtime { get; }

    /// <summary>
    /// True where an actor that threw begins again from its snapshot; false where all its history is replayed.
    /// </summary>
    bool RestartsFromSnapshots { get; }

    /// <summary>
    /// True where a commit whose reply is lost is answered by what the store has; false where it is answered unknown,
    /// and sent again.
    /// </summary>
    bool ResolvesLostReplies { get; }

    /// <summary>Waits until what a failure took away is served again.</summary>
    Task Served();

    /// <summary>
    /// Waits until so many commands in all are decided, or are so far as they come while commits are held.
    /// </summary>
    Task Decided(long commands);

    /// <summary>Commits wait from now on.</summary>
    void HoldCommits();

    void ReleaseCommits();

    /// <summary>The next commit fails and nothing of it is durable.</summary>
    void FailNextCommit();

    /// <summary>The next commit is durable and its reply is lost.</summary>
    void LoseNextCommitReply();

    /// <summary>The actor throws when it decides a command with this reference; null ends that.</summary>
    void ThrowOnDecide(ulong? reference);

    /// <summary>Replaying the student's history throws; null ends that.</summary>
    void ThrowOnReplay(StudentId? student);

    /// <summary>Ends the process as a power failure would, and starts another on what was durable.</summary>
    Task CrashAndRestart();
}

/// <summary>A harness of a runtime that keeps ledgers.</summary>
internal interface ILedgerHarness : IRuntimeHarness
{
    /// <summary>What is durable.</summary>
    IJournal Journal { get; }

    /// <summary>Waits until a commit has come to where commits are held.</summary>
    Task CommitIsHeld();
}
