using System.Globalization;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Api.Commands;
using Amoe.Host.Reports;
using Amoe.Simulator.Scenarios;

namespace Amoe.Host.Tests.Api;

/// <summary>What a year sends is a stream that another engine decides to the same end.</summary>
public sealed class EmittedYearTests
{
    [Theory]
    [InlineData("national-year")]
    [InlineData("late-facts")]
    public async Task The_commands_of_a_year_sent_day_by_day_to_another_engine_give_the_digest_of_the_year(
        string scenario)
    {
        using var folder = new TestFolder();
        var emitted = folder.File("commands");
        var year = await AmoeCommand.RunAsync(
            "simulate", scenario, "--scale", "0.002", "--emit", emitted, "-o", "json");
        year.IsDone();

        var (read, journal) = (ScenarioReader.Load(scenario), Memory(scenario));
        var runtime = new MemoryRuntime(journal, new AmoeLogic(Rulebook.Embedded), new EngineOptions());
        var (commands, day, isOpen) = (0L, read.Horizon.Opens.AddDays(-1), false);
        foreach (var line in File.ReadLines(Path.Combine(emitted, "stream.ndjson")))
        {
            var json = System.Text.Encoding.UTF8.GetBytes(line);
            if (DayJson.TryRead(json, out var mark, out var marked))
            {
                Assert.Equal(
                    (isOpen ? CommandKind.CloseDay : CommandKind.OpenDay, isOpen ? day : day.AddDays(1)),
                    (mark, marked));
                (day, isOpen) = (marked, !isOpen);
                await runtime.MarkDay(mark, marked);
                continue;
            }

            var command = ApiMaker.Read(json, ApiMaker.Empty);
            Assert.Equal((true, day), (isOpen, command.Known));
            var reply = await runtime.Ask(command);
            Assert.True(reply.IsDecision, $"{line} was answered {reply.Outcome}");
            commands++;
        }

        var state = runtime.Inspect();
        Assert.Equal((read.Horizon.Closes, false), (day, isOpen));
        Assert.Equal(year.Digest, state.Digest.ToString("x16", CultureInfo.InvariantCulture));
        Assert.Equal(year.Json.GetProperty("commands").GetInt64(), state.Totals[Engine.Figures.Counter.Commands]);
        Assert.Equal(year.Json.GetProperty("commands").GetInt64() - SetOffs(journal), commands);
        Assert.EndsWith(
            $"stream.ndjson has the {Format.Count(commands)} commands of the days up to {Format.Date(read.Horizon.Closes)}\n",
            year.Error, StringComparison.Ordinal);
    }

    /// <summary>Commands that ledgers sent to claims by themselves: no sender posted them.</summary>
    private static long SetOffs(MemoryJournal journal) =>
        Enumerable.Range(0, journal.Identity.StudentPartitions)
            .SelectMany(partition => History.OfPartition(journal, partition))
            .LongCount(entry =>
                entry.Header.Id is { Kind: CommandKind.RecoverOverpayment, Attempt: >= LedgerDecider.FirstAttempt });

    private static MemoryJournal Memory(string scenario)
    {
        var (students, ledgers) = PartitionCounts.Embedded;
        var identity = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, students, Rulebook.Embedded.Text, ScenarioReader.Load(scenario).Text,
            42, 2, ledgers);
        return new MemoryJournal(identity);
    }
}
