using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Host.Tests;

/// <summary><c>journal case</c>: what happened to a student becomes a test.</summary>
public sealed class JournalCaseTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    private const int Histories = 1_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_thousand_histories_of_a_year_of_late_facts_come_back_as_cases_that_pass()
    {
        var path = _folder.File("late.amoe");
        (await AmoeProcess.RunAsync("simulate", "late-facts", "--scale", "0.01", "--journal", path, "-o", "json")).IsDone();
        using var journal = SqliteJournal.OpenReadOnly(path);
        var rulebooks = new JournalRulebooks(journal);

        // Those with the most records: most students declare other coverage, and nothing more happens. Each partition
        // is read once: an explainer reads all of it for each student.
        var records = Enumerable.Range(0, journal.Identity.StudentPartitions)
            .SelectMany(partition => History.OfPartition(journal, partition)).ToList();
        var lastDay = records.Max(entry => entry.Header.Known);
        var histories = records.Where(entry => entry.Header.HasStudent)
            .GroupBy(entry => entry.Header.Student)
            .OrderByDescending(history => history.Count())
            .Take(Histories)
            .ToList();
        Assert.Equal(Histories, histories.Count);

        var (late, claims) = (0, 0);
        foreach (var history in histories)
        {
            var reading = StudentReading.Of(journal, history.Key, rulebooks, [.. history]).AsKnownOn(lastDay);
            var text = CaseWriter.Write(reading, "late.amoe");
            var file = CaseReader.Read("case.yaml", text, Rulebook.Embedded);
            Assert.True(file.Errors.Count == 0, $"{string.Join('\n', file.Errors)}\n{text}");
            var differences = CaseRunner.Run(Assert.Single(file.Cases)).Differences;
            Assert.True(differences.Count == 0, $"{string.Join('\n', differences)}\n{text}");
            late += reading.Entries.Count(entry =>
                entry.Header.IsCommand && entry.Header.Known > entry.Header.Effective);
            claims += reading.Claims.Count();
        }

        Assert.True(late > Histories / 10, $"{late} facts were late");
        Assert.True(claims > Histories, $"{claims} claims");
    }

    [Fact]
    public async Task A_students_case_passes_where_it_is_tested()
    {
        using var journal = SqliteJournal.OpenReadOnly(year.SmallJournal);
        var student = History.OfPartition(journal, 0).First(entry => entry.Header.Kind == CommandKind.DepositClaim)
            .Header.Student;

        var written = await AmoeCommand.RunAsync("journal", "case", "--journal", year.SmallJournal, "--student", $"{student}");

        Assert.Equal((0, ""), (written.ExitCode, written.Error));
        Assert.StartsWith($"# Student {student} of ", written.Output, StringComparison.Ordinal);
        var tested = await AmoeCommand.RunAsync("rules", "test", _folder.Write("case.yaml", written.Output));
        Assert.Equal((0, "1 case of 1 file: all as expected\n", ""), (tested.ExitCode, tested.Output, tested.Error));
    }

    [Fact]
    public async Task A_student_that_the_journal_does_not_have_is_a_line()
    {
        (await AmoeCommand.RunAsync("journal", "case", "--journal", year.SmallJournal, "--student", "999999999"))
            .IsRefusal(1, "it has no record of student 999999999");
        (await AmoeCommand.RunAsync("journal", "case", "--journal", year.SmallJournal))
            .IsRefusal(1, "--student");
    }
}
