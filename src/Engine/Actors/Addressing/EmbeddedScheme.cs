using Akka.Actor;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Actors.Addressing;

/// <summary>
/// The scheme in one process, on a journal in a file. Each student and each claim is a persistent actor, addressed by
/// <see cref="Students"/>.
/// </summary>
public sealed class EmbeddedScheme : IAsyncDisposable
{
    private readonly SqliteJournal _journal;
    private readonly PartitionRuntime _runtime;

    private EmbeddedScheme(SqliteJournal journal, PartitionRuntime runtime) =>
        (_journal, _runtime) = (journal, runtime);

    /// <summary>
    /// The actor system of the students, for actors that address them and for queries
    /// (<see cref="SchemeReadJournal"/>).
    /// </summary>
    public ActorSystem System => _runtime.System;

    /// <summary>Takes <see cref="ToStudent"/> and <see cref="ToClaim"/>; the replies come from it.</summary>
    public IActorRef Students => _runtime.Students;

    /// <summary>Opens a journal, or creates one under the rulebook of the scheme, and recovers what it holds.</summary>
    /// <param name="path">The journal's file.</param>
    /// <param name="warn">Takes one line for a person, of what is odd or out of service.</param>
    /// <exception cref="JournalException">
    /// It is no journal, of another version, damaged, being written by another process, …
    /// </exception>
    public static async Task<EmbeddedScheme> OpenAsync(
        string path, EngineOptions? options = null, Action<string>? warn = null)
    {
        var journal = File.Exists(path)
            ? SqliteJournal.Open(path)
            : SqliteJournal.Create(path, JournalIdentity.OfProduction(Rulebook.EmbeddedText, PartitionCounts.Embedded));
        try
        {
            return new EmbeddedScheme(
                journal,
                await PartitionRuntime.StartAsync(
                    journal, options ?? new EngineOptions(), TimeProvider.System, warn ?? (_ => { })));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lets what is in flight become durable, answers what waits <see cref="Domain.Outcome.Unknown"/>, and ends the
    /// actor system.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _journal.Dispose();
    }
}
