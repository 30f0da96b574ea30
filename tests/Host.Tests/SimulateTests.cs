using System.Text.Json;
using System.Text.RegularExpressions;
using Amoe.Host.Tests.Figures;

namespace Amoe.Host.Tests;

public sealed partial class SimulateTests(YearFixture year) : IClassFixture<YearFixture>
{
    private static readonly string[] Promised =
    [
        "scenario", "scale", "seed", "declarations", "applications", "applications_accepted", "applications_refused",
        "active_peak", "claims", "paid_centimes", "spent_centimes",
        "commands", "events", "journal_bytes", "snapshot_bytes", "elapsed_s", "events_per_s", "commands_per_s",
        "commit_p50_ms", "commit_p99_ms",
        "peak_rss_mb", "digest", "complete", "marginals", "declarations_by_category", "applications_refused_by_reason",
        "suspensions_by_cause",
        "lines_refused_by_reason", "care",
    ];

    [Fact]
    public void Json_is_one_object_with_what_was_promised()
    {
        var json = year.Medium.Json;

        Assert.All(Promised, name => Assert.True(json.TryGetProperty(name, out _), name));
        Assert.Single(year.Medium.Output.TrimEnd('\n').Split('\n'));
        Assert.Matches("^[0-9a-f]{16}$", year.Medium.Digest);
        Assert.True(json.GetProperty("complete").GetBoolean());
        Assert.All(
            new[]
            {
                "declarations",
                "applications_accepted",
                "active_peak",
                "claims",
                "paid_centimes",
                "commands",
                "events",
                "journal_bytes"
            },
            name => Assert.True(json.GetProperty(name).GetInt64() > 0, name));
        Assert.True(json.GetProperty("peak_rss_mb").GetDecimal() > 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task The_digest_is_the_same_for_any_number_of_threads(int threads)
    {
        var again = await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", YearFixture.MediumScale, "--threads", $"{threads}", "-o",
            "json");

        Assert.Equal(year.Medium.Digest, again.Digest);
    }

    [Fact]
    public async Task The_report_is_plain_text_and_ends_with_the_command_that_repeats_it()
    {
        using var folder = new TestFolder();
        using var run = AmoeProcess.Start(["simulate", YearFixture.Scenario, "--scale", "0.001"], folder.Path);
        var report = await run.FinishAsync();

        report.IsDone();
        Assert.DoesNotContain('\x1b', report.Output);
        Assert.All(report.Output.Split('\n'), line => Assert.True(line.Length <= 100 && line == line.TrimEnd(), line));
        Assert.Contains($"Digest   {year.Small.Digest}\n", report.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            $"Repeat   amoe simulate {YearFixture.Scenario} --scale 0.001 --seed 42\n", report.Output,
            StringComparison.Ordinal);
        AssertInOrder(
            report.Output, "complete, 2026-09-01 to 2027-01-31", "What happened", "How fast", "Does it hold", "Budget",
            "Declarations (D1)", "By month", "Missed clocks (X3)", "Backlogs at the close of a day",
            "Open claims by days since deposit", "Marginals the scenario asserts", "This run", "Rules in this report",
            "Words    docs/report.md");
        Assert.DoesNotContain('…', report.Output);
        var legend = report.Output[report.Output.IndexOf("Rules in this report", StringComparison.Ordinal)..];
        Assert.Contains("\n  K8   Payment to the declared bank account", legend, StringComparison.Ordinal);
        foreach (Match id in RuleId().Matches(report.Output.Replace(legend, "", StringComparison.Ordinal)))
            Assert.Matches($"\n  {id.Groups["id"].Value} +[A-Z]", legend);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task The_summary_has_the_figures_of_the_json()
    {
        var (json, text) = (year.Small.Json,
            (await AmoeCommand.RunAsync("simulate", YearFixture.Scenario, "--scale", "0.001")).Output);

        Assert.True(json.GetProperty("as_asserted").GetBoolean());
        Assert.Contains(
            $"What happened   {json.GetProperty("declarations").GetInt64():N0} declarations; "
                + $"{json.GetProperty("applications_accepted").GetInt64():N0} of ", text, StringComparison.Ordinal);
        Assert.Contains(
            $"Does it hold    yes: all {json.GetProperty("marginals").GetArrayLength()} figures", text,
            StringComparison.Ordinal);
        var spent = json.GetProperty("spent_centimes").GetDecimal() / json.GetProperty("budget_centimes").GetDecimal();
        Assert.Contains($"Budget          {spent * 100:N1} % of 110,000.00 MAD is spent", text, StringComparison.Ordinal);
    }

    /// <summary>
    /// The story: the framework's default store of snapshots made a folder «snapshots» wherever the program was
    /// started. Where it may not, no partition recovered, and the run ended with a disk that does not answer.
    /// </summary>
    [Fact]
    public async Task Nothing_is_written_where_the_program_is_started()
    {
        using var folder = new TestFolder();
        var mine = folder.Write("snapshots", "of my cat");

        var run = await AmoeProcess.RunInAsync(
            folder.Path, "simulate", YearFixture.Scenario, "--scale", "0.001", "-o", "json");

        run.IsDone();
        Assert.Equal([mine], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_year_that_is_not_its_scenario_s_ends_with_4_and_says_which_figure()
    {
        var folder = Directory.CreateTempSubdirectory("amoe-tests-");
        try
        {
            var scenario = Path.Combine(folder.FullName, "mine.yaml");
            await File.WriteAllTextAsync(
                scenario, "extends: national-year\nexpect:\n  - { of: claims/late, per_100k: 40000, source: test }\n");
            var run = await AmoeCommand.RunAsync("simulate", scenario, "--scale", "0.01");
            Assert.Equal(4, run.ExitCode);
            Assert.Matches(
                @"the run violates the scenario's assertion claims/late: measured [34]\.\d+ %, expected 40\.000 % within \d\.\d+ %",
                run.Error);
            Assert.Matches(@"claims/late .* OUT", run.Output);
            Assert.Matches(@"Does it hold    no: 1 of \d+ figures .* out of their tolerance", run.Output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The write-ahead log once counted as the file's: a year looked seven times as large as it was.</summary>
    [Fact]
    public void A_run_says_how_large_its_file_is_without_its_log()
    {
        Assert.Equal(
            new FileInfo(year.SmallJournal).Length, year.Small.Json.GetProperty("journal_file_bytes").GetInt64());
    }

    [Fact]
    public async Task Verify_agrees_with_the_run()
    {
        var report = await AmoeCommand.RunAsync("verify", "--journal", year.SmallJournal, "-o", "json");

        report.IsDone();
        Assert.Equal(year.Small.Digest, report.Digest);
        FiguresTests.AssertSame(year.Small.Json, report.Json);
        Assert.Empty(report.Json.GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task Verify_begins_with_whether_it_holds_and_ends_with_the_journal()
    {
        var report = await AmoeCommand.RunAsync("verify", "--journal", year.SmallJournal);

        Assert.Equal(0, report.ExitCode);
        AssertInOrder(
            report.Output, "What happened", "Does it hold    yes: every record is whole", "Budget",
            "Contributions (C3)", "Journal\n", "Digest");
    }

    [Fact]
    public async Task The_budget_in_the_summary_of_verify_is_that_of_the_run()
    {
        var verified = await AmoeCommand.RunAsync("verify", "--journal", year.SmallJournal);
        var run = await AmoeCommand.RunAsync("simulate", YearFixture.Scenario, "--scale", "0.001");

        var lines = run.Output[run.Output.IndexOf("Budget  ", StringComparison.Ordinal)..].Split('\n')[..2];
        Assert.Contains("within the budget", lines[1], StringComparison.Ordinal);
        Assert.Contains(
            $"{string.Join('\n', lines)}\n                through 2027-01-31; the budget is for one year\n",
            verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_says_what_the_journal_was_made_with()
    {
        var info = await AmoeCommand.RunAsync("journal", "info", "--journal", year.SmallJournal, "-o", "json");

        Assert.Equal((0, ""), (info.ExitCode, info.Error));
        Assert.Equal("extends national-year", info.Json.GetProperty("scenario").GetString());
        Assert.Equal(0.001m, info.Json.GetProperty("scale").GetDecimal());
        Assert.Equal(16, info.Json.GetProperty("student_partitions").GetInt32());
        Assert.True(info.Json.GetProperty("complete").GetBoolean());
        Assert.Equal(
            year.Small.Json.GetProperty("journal_bytes").GetInt64(), info.Json.GetProperty("journal_bytes").GetInt64());
    }

    [Fact]
    public async Task Show_tells_a_students_history_in_order()
    {
        var text = await AmoeCommand.RunAsync("journal", "show", "--journal", year.SmallJournal, "--student", "3");
        var lines = await AmoeCommand.RunAsync(
            "journal", "show", "--journal", year.SmallJournal, "--student", "3", "-o", "json");
        var records =
            lines.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal((0, 0), (text.ExitCode, lines.ExitCode));
        Assert.Contains("declaration recorded", text.Output, StringComparison.Ordinal);
        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.Equal(3UL, record.GetProperty("student").GetUInt64()));
        Assert.Equal(
            records.Select(record => record.GetProperty("offset").GetInt64()).Order(),
            records.Select(record => record.GetProperty("offset").GetInt64()));
    }

    [Fact]
    public async Task Show_of_an_unknown_student_is_one_line() =>
        (await AmoeCommand.RunAsync("journal", "show", "--journal", year.SmallJournal, "--student", "999999999"))
            .IsRefusal(1, "no record of student 999999999");

    [Fact]
    public async Task Show_of_a_partition_takes_as_many_as_asked()
    {
        var shown = await AmoeCommand.RunAsync(
            "journal", "show", "--journal", year.SmallJournal, "--partition", "3", "--take", "5", "-o", "json");

        Assert.Equal(5, shown.Output.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Show_names_partitions_as_the_journal_does()
    {
        var help = (await AmoeCommand.RunAsync("journal", "show", "--help")).Output;
        Assert.DoesNotContain("shard", help, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("incarnation", (await Show("--ledgers", "3")).Output, StringComparison.OrdinalIgnoreCase);
        (await Show("--partition", "16")).IsRefusal(1, "--partition is from 0 to 15 in this journal, not 16");
        (await Show("--ledgers", "4")).IsRefusal(1, "--ledgers is from 0 to 3 in this journal, not 4");
        (await Show("--partition", "0", "--student", "3"))
            .IsRefusal(1, "--student, --partition and --ledgers exclude each other");

        Task<Finished> Show(params string[] options) =>
            AmoeCommand.RunAsync(["journal", "show", "--journal", year.SmallJournal, .. options]);
    }

    private static void AssertInOrder(string text, params string[] parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var at = text.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"«{part}» is not where it should be in:\n{text}");
            from = at + part.Length;
        }
    }

    [GeneratedRegex(@"\((?:[A-Z]\d+[-, ]+)*(?<id>[A-Z]\d+)\)")]
    private static partial Regex RuleId();
}
