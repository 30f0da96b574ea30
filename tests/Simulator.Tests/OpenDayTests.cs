using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

/// <summary>A journal that ends in the middle of a day, after a fact for which claims were readjudicated.</summary>
public sealed class OpenDayTests
{
    private const int Partitions = 4;
    private const int Scale = 8;
    private const ulong Seed = 42;

    private static readonly Scenario Scenario = ScenarioReader.Load("late-facts");

    /// <summary>A turn for each message: so a day can end anywhere.</summary>
    private static readonly EngineOptions Options = new() { TurnMessagesMax = 1 };

    [Fact]
    public async Task A_run_that_ended_behind_a_late_fact_goes_on_as_if_undisturbed()
    {
        var whole = NewJournal();
        var digest = await Run(whole);
        var facts = Enumerable.Range(0, Partitions)
            .SelectMany(partition =>
                History.OfPartition(whole, partition).Where(MakesPayable).Select(entry => (partition, entry)))
            .ToList();
        Assert.True(facts.Count >= 2, $"{facts.Count} facts made claims payable");
        foreach (var (partition, fact) in facts.Take(2))
        {
            var cut = UntilIn(whole, partition, fact);
            Assert.Equal(fact.Header.Id, History.OfPartition(cut, partition).Last().Header.Id);
            Assert.Equal(digest, await Run(cut));
        }
    }

    private static bool MakesPayable(HistoryEntry entry) =>
        ClaimsRevised.Of(entry.Header.Id, entry.Events)?.Claims.Any(claim => claim.Now == Revision.Payable) == true;

    /// <summary>
    /// The journal as it was behind the fact on its partition; on the others the same day is begun and not closed.
    /// </summary>
    private static MemoryJournal UntilIn(MemoryJournal whole, int partition, HistoryEntry fact)
    {
        var ends = Enumerable.Range(0, Partitions).Select(other => other == partition
            ? fact.Offset + 1
            : History.OfPartition(whole, other).First(entry =>
                entry.Header.Kind == CommandKind.CloseDay && entry.Header.Effective == fact.Header.Known).Offset)
                    .ToArray();
        var cut = NewJournal();
        foreach (var segment in whole.ReadAll().Where(segment =>
            segment.Offset + segment.Count <= ends[segment.Partition]))
            cut.Append([segment]);
        return cut;
    }

    private static async Task<ulong> Run(MemoryJournal journal)
    {
        await using var runtime = new MemoryRuntime(journal, new AmoeLogic(Rulebook.Embedded), Options);
        var population = new Population(Scenario, Seed, Scale);
        var traffic = new StudentTraffic(Scenario, population, Rulebook.Embedded);
        var control = new RunControl(Partitions);
        var students = Enumerable.Range(0, (int)population.Count)
            .Select(index => (uint)index)
            .ToLookup(index => Population.IdOf(index).PartitionOf(Partitions));
        var drivers = Enumerable.Range(0, Partitions).Select(partition => new PartitionDriver(
            partition, traffic.Open(students[partition]), runtime, traffic, Scenario.Horizon.Opens,
            Scenario.Horizon.Days, Options.MailboxMessagesMax, control)).ToList();
        for (var partition = 0; partition < Partitions; partition++)
            drivers[partition].Resume(journal, runtime.StateOf(partition).LastClosed);
        foreach (var driver in drivers)
            driver.Start();
        await control.Done;
        Assert.Null(control.Failure);
        return runtime.Inspect().Digest;
    }

    private static MemoryJournal NewJournal() =>
        new(
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, Partitions, Rulebook.EmbeddedText, Scenario.Text, Seed, Scale));
}
