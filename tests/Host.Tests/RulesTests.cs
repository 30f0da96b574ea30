using Amoe.Engine.Journal;

namespace Amoe.Host.Tests;

/// <summary>The steps of a person who changes the rules: look, compare, adopt, and go on.</summary>
public sealed class RulesTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    private const string Hypothetical = "hypothetical-cnss";

    private const string Later = """
        amends: amoe
        parameters:
          - id: P1.fund_name
            values:
              - from: 2028-01-01
                value: CNSS
                source: a test
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_value_is_shown_with_its_days_and_source()
    {
        var shown = await AmoeCommand.RunAsync("rules", "show", "P1.fund_name");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.Equal(
            """
            P1.fund_name  The name of the fund that runs the scheme (name)
              2016-01-01 to 2019-02-28  CNOPS
                                        source: law 116-12 (000)
              2019-03-01 on             CMAM
                                        source: 002, 004: it replaced the CNOPS by law 94-18; the day is assumed, that of the tariffs of the guide that names it so

            """,
            shown.Output);
    }

    [Fact]
    public async Task All_values_are_listed_those_of_a_rule_or_those_of_a_day()
    {
        var all = (await AmoeCommand.RunAsync("rules", "show", "-o", "json")).Json
            .GetProperty("values")
            .EnumerateArray()
            .ToList();
        var rule = (await AmoeCommand.RunAsync("rules", "show", "X4", "-o", "json")).Json
            .GetProperty("values")
            .EnumerateArray();
        var day = (await AmoeCommand.RunAsync(
            "rules", "show", "--on", "2027-06-01", "--rules", Hypothetical, "-o", "json")).Json
                .GetProperty("values")
                .EnumerateArray()
                .ToList();

        Assert.Equal(
            ["X4.review_share_basis_points", "X4.review_above_centimes"],
            rule.Select(value => value.GetProperty("id").GetString()));
        Assert.Equal(
            all.Select(value => value.GetProperty("id").GetString()).Distinct(),
            day.Select(value => value.GetProperty("id").GetString()));
        Assert.Equal(
            "CNSS",
            day.Single(value => value.GetProperty("id").GetString() == "P1.fund_name")
                .GetProperty("value")
                .GetString());
    }

    [Theory]
    [InlineData("no parameter, act or rule 'B1.specialst'. Did you mean B1.specialist?", "show", "B1.specialst")]
    [InlineData("--on is a date that exists, as yyyy-MM-dd, not '2024-02-30'", "show", "--on", "2024-02-30")]
    [InlineData("--on 2015-12-31 is before the rulebook begins, on 2016-01-01", "show", "--on", "2015-12-31")]
    [InlineData("'--rules' is required", "adopt", "--journal", "year.amoe")]
    public async Task What_there_is_not_is_wrong_usage(string says, params string[] args) =>
        (await AmoeCommand.RunAsync(["rules", .. args])).IsRefusal(1, says);

    [Fact]
    public async Task Rulebooks_are_compared_like_files_and_the_exit_code_says_whether_they_differ()
    {
        var mine = _folder.Write("mine.yaml", Later);
        Assert.Equal((0, "", ""), Of(await AmoeCommand.RunAsync("rules", "diff", "amoe", "amoe")));
        Assert.Equal((0, "", ""), Of(await AmoeCommand.RunAsync("rules", "diff", "amoe", year.SmallJournal)));
        Assert.Equal(
            (1,
            """
            P1.fund_name  The name of the fund that runs the scheme
              2028-01-01 on           - CMAM
                                      + CNSS

            """,
            ""),
            Of(await AmoeCommand.RunAsync("rules", "diff", year.SmallJournal, mine)));
        (await AmoeCommand.RunAsync("rules", "diff", "amoe", "/nowhere.yaml"))
            .IsRefusal(2, "/nowhere.yaml: the rulebook cannot be read");
    }

    [Fact]
    public async Task A_rulebook_that_changes_a_day_the_journal_has_reached_is_refused_and_the_journal_left_alone()
    {
        var journal = _folder.File("copy.amoe");
        File.Copy(year.SmallJournal, journal);
        var before = await File.ReadAllBytesAsync(journal);

        (await AmoeCommand.RunAsync("rules", "adopt", "--journal", journal, "--rules", Hypothetical))
            .IsRefusal(2, "P1.fund_name is «CMAM» on 2027-01-01 and the new rulebook says «CNSS»");

        Assert.Equal(before, await File.ReadAllBytesAsync(journal));
    }

    [Fact]
    public async Task A_journal_that_somebody_writes_is_left_to_him()
    {
        var journal = _folder.File("copy.amoe");
        File.Copy(year.SmallJournal, journal);
        using var writer = SqliteJournal.Open(journal);

        (await AmoeProcess.RunAsync(
            "rules", "adopt", "--journal", journal, "--rules", _folder.Write("mine.yaml", Later)))
                .IsRefusal(3, "in use by another process");
    }

    [Fact]
    public async Task An_adopted_rulebook_is_listed_verified_and_asked_for()
    {
        var (journal, mine) = (_folder.File("copy.amoe"), _folder.Write("mine.yaml", Later));
        File.Copy(year.SmallJournal, journal);

        var adopted =
            (await AmoeCommand.RunAsync("rules", "adopt", "--journal", journal, "--rules", mine, "-o", "json")).Json;
        var sha256 = adopted.GetProperty("sha256").GetString()!;

        var listed = Assert.Single(
            (await AmoeCommand.RunAsync("journal", "info", "--journal", journal, "-o", "json")).Json
                .GetProperty("adopted")
                .EnumerateArray());
        Assert.Equal(
            (1, "2027-01-31", sha256),
            (listed.GetProperty("number").GetInt32(), listed.GetProperty("on").GetString(),
                listed.GetProperty("sha256").GetString()));
        Assert.Equal(
            (0, year.Small.Digest),
            ((await AmoeCommand.RunAsync("verify", "--journal", journal, "-o", "json")) is var verified
                ? verified.ExitCode
                : 0, verified.Digest));
        Assert.Equal((0, "", ""), Of(await AmoeCommand.RunAsync("rules", "diff", journal, mine)));
        (await AmoeCommand.RunAsync("rules", "adopt", "--journal", journal, "--rules", mine))
            .IsRefusal(2, "under this rulebook already");
        (await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.001", "--resume", "--journal", journal))
                .IsRefusal(3, "another rulebook");
        Assert.Equal(
            year.Small.Digest,
            (await AmoeCommand.RunAsync(
                "simulate", YearFixture.Scenario, "--scale", "0.001", "--resume", "--journal", journal, "--rules", mine,
                "-o", "json")).Digest);
    }

    [Fact]
    public async Task A_year_that_adopts_a_rulebook_before_its_first_day_ends_like_one_that_had_it_from_the_start()
    {
        var journal = _folder.File("year.amoe");
        Assert.Equal(130, (await year.DisturbedAsync(journal, perMille: 200, run => run.Interrupt())).ExitCode);
        var adopted = (await AmoeCommand.RunAsync(
            "rules", "adopt", "--journal", journal, "--rules", Hypothetical, "-o", "json")).Json;
        var resumed = await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", YearFixture.MediumScale, "--journal", journal, "--rules",
            Hypothetical, "--resume", "-o", "json");

        var fromTheStart = await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", YearFixture.MediumScale, "--rules", Hypothetical, "-o",
            "json");
        Assert.Equal((0, fromTheStart.Digest), (resumed.ExitCode, resumed.Digest));
        Assert.NotEqual(year.Medium.Digest, resumed.Digest);

        // Each partition of students marks it before the first day that it opens under it.
        var shown = await AmoeCommand.RunAsync(
            "journal", "show", "--journal", journal, "--partition", "3", "--take", "1000000");
        Assert.Contains(
            $"rulebook adopted, number 1, hash {adopted.GetProperty("sha256").GetString()![..16]}", shown.Output,
            StringComparison.Ordinal);
        Assert.Equal(0, (await AmoeCommand.RunAsync("verify", "--journal", journal)).ExitCode);
    }

    private static (int ExitCode, string Output, string Error) Of(Finished run) =>
        (run.ExitCode, run.Output, run.Error);
}
