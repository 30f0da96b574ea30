using Amoe.Chaos.Load;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Chaos.Checks;

/// <summary>The same days of the same year in one process on a journal in memory.</summary>
internal static class Undisturbed
{
    /// <param name="days">The number of days that each partition has closed.</param>
    public static async Task<MemoryJournal> Journal(YearOf year, IReadOnlyList<int> days)
    {
        var journal = new MemoryJournal(year.Identity);
        await using var runtime = new MemoryRuntime(journal, new AmoeLogic(Rulebook.Embedded), new EngineOptions());
        var load = new YearLoad(year, runtime, days);
        load.Start();
        await load.Done;
        return load.Failure is { } failure ? throw new InvalidOperationException(failure) : journal;
    }
}
