using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Model;

namespace Amoe.Chaos.Checks;

/// <summary>The model of the scheme, which shares no code with the engine, decides what the journal has in its order, and comes to the same answers, rights, claims and sums.</summary>
internal static class OracleCheck
{
    /// <param name="journal">A copy: its days are gone through to the end, so that whatever would fall due has, as in the model.</param>
    public static async Task<Comparison> Of(IJournal journal, IReadOnlyCollection<Command> sent, DateOnly first, DateOnly last)
    {
        var logic = new AmoeLogic(Rulebook.Embedded);
        await using (var engine = AmoeRuntime.Start(journal, null, logic, new EngineOptions { Threads = 1 }, TimeProvider.System))
            await engine.MarkDay(CommandKind.OpenDay, last.AddDays(1));
        var comparison = new Comparison(journal.Identity.ShardCount, new Scheme(), Rulebook.Embedded, logic);
        comparison.Take(journal, sent);
        comparison.CompareEnd(journal, first, last);
        return comparison;
    }
}
