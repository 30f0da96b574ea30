using Amoe.Engine.Domain;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>
/// Whatever happens in random scenarios has its explanation, in every language, and its amounts are those the rulebook
/// gives.
/// </summary>
public sealed class EverythingTests
{
    private const int Students = 90;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_record_of_a_random_scenario_is_explained_in_every_language(ulong seed)
    {
        using var run = ScenarioRun.OverPartitions(seed, Rulebook.Embedded);
        await run.Play(Students);
        var explainer = new Explainer(run.Durable);
        var seen = new HashSet<string>();
        foreach (var student in StudentsOf(run.Durable))
        {
            var reading = explainer.Read(student);
            foreach (var explanation in ExplanationsOf(reading))
            {
                Assert.DoesNotContain(explanation.All(), node => node.Message.Key == Keys.LineDiffers);
                foreach (var language in Languages.All)
                    Assert.All(ExplanationText.Lines(explanation, language), line => IsWhole(line, language));
            }

            Assert.All(
                reading.Entries.Where(entry => entry.Header.Outcome == Outcome.Refused),
                entry => Assert.NotEmpty(CommandRefusals.GroundsOf(reading, entry)));
            seen.UnionWith(reading.Entries.SelectMany(entry => entry.Events).Select(e => e.GetType().Name));
        }

        // Enough happened to mean something: most of what can.
        Assert.True(
            seen.Count > Maker.EventTypes.Length / 2, $"{seen.Count} of {Maker.EventTypes.Length} types of event");
    }

    /// <summary>The whole student, every claim, and what each answer was on the day of every record.</summary>
    private static IEnumerable<Explanation> ExplanationsOf(StudentReading reading)
    {
        yield return Explainer.Student(reading, reading.KnownOn);
        foreach (var claim in reading.Claims.Select(claim => claim.Number))
            yield return Explainer.Claim(reading, claim);
        var last = reading.Entries[^1];
        yield return Explainer.Student(reading.AsKnownOn(reading.Entries[0].Header.Known), last.Header.Effective);
        foreach (var entry in reading.Entries)
            yield return EntitlementExplainer.On(reading, entry.Header.Known);
    }

    /// <summary>Nothing left to fill in, and every isolate closed.</summary>
    private static void IsWhole(string line, Language language)
    {
        Assert.DoesNotContain('{', line);
        Assert.Equal(line.Count(letter => letter is '\u2066' or '\u2068'), line.Count(letter => letter == '\u2069'));
        Assert.Equal(Languages.IsRightToLeft(language) && line.Length > 0, line.StartsWith('\u200f'));
    }

    private static IEnumerable<StudentId> StudentsOf(IJournal journal) =>
        Enumerable.Range(0, journal.Identity.StudentPartitions)
            .SelectMany(partition => History.OfPartition(journal, partition))
            .Where(entry => entry.Header.Kind >= CommandKind.DueDate)
            .Select(entry => entry.Header.Student)
            .Distinct();
}
