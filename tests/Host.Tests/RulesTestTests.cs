namespace Amoe.Host.Tests;

/// <summary><c>rules test</c> on a user's own files.</summary>
public sealed class RulesTestTests : IDisposable
{
    private const string Right = """
        cases:
          - case: a specialist
            rules: [B1]
            given:
              - { on: 2023-09-20, what: registered }
              - { on: 2023-11-10, what: claim, act: specialist, paid: 150.00 }
            expect:
              - { claim: 1, amount: 120.00 }

        """;

    private static readonly string Wrong = Right.Replace("120.00", "135.00", StringComparison.Ordinal)
        .Replace("a specialist", "a specialist at 90 percent", StringComparison.Ordinal);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cases_that_come_out_as_they_say_are_counted()
    {
        var run = await AmoeCommand.RunAsync("rules", "test", _folder.Write("right.yaml", Right));

        Assert.Equal((0, "1 case of 1 file: all as expected\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_wrong_case_says_on_one_screen_which_what_and_why()
    {
        _folder.Write("right.yaml", Right);
        _folder.Write("wrong.yaml", Wrong);

        var run = await AmoeCommand.RunAsync("rules", "test", _folder.Path);

        Assert.Equal((4, ""), (run.ExitCode, run.Error));
        Assert.Contains(
            "wrong.yaml, line 2: a specialist at 90 percent (B1)\n  line 8: claim 1, line 1, amount\n    expected  135.00\n    got       120.00\n",
            run.Output, StringComparison.Ordinal);
        Assert.Contains("= 120.00", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("2 cases of 2 files: 1 not as expected\n", run.Output, StringComparison.Ordinal);
        Assert.True(run.Output.Split('\n').Length <= 40, run.Output);
    }

    [Fact]
    public async Task For_a_program_the_differences_are_one_object()
    {
        var run = await AmoeCommand.RunAsync(
            "rules", "test", _folder.Write("wrong.yaml", Wrong), _folder.Write("right.yaml", Right), "-o", "json");

        Assert.Equal(4, run.ExitCode);
        Assert.Equal((2, 1), (run.Json.GetProperty("cases").GetInt32(), run.Json.GetProperty("passed").GetInt32()));
        var failed = run.Json.GetProperty("failed")[0];
        Assert.Equal(
            ("a specialist at 90 percent", 2),
            (failed.GetProperty("case").GetString(), failed.GetProperty("line").GetInt32()));
        var difference = failed.GetProperty("differences")[0];
        Assert.Equal(
            ("135.00", "120.00"),
            (difference.GetProperty("expected").GetString(), difference.GetProperty("got").GetString()));
    }

    [Fact]
    public async Task What_can_be_read_runs_and_every_error_is_a_line()
    {
        _folder.Write("broken.yaml", "cases: [\n");
        _folder.Write("slips.yaml", Right.Replace("what: claim, act: specialist", "what: visit", StringComparison.Ordinal)
            .Replace("amount: 120.00", "amount: lots", StringComparison.Ordinal));
        _folder.Write("wrong.yaml", Wrong);

        var run = await AmoeCommand.RunAsync("rules", "test", _folder.Path, _folder.File("none.yaml"));

        Assert.Equal(2, run.ExitCode);
        Assert.EndsWith("1 case of 1 file: 1 not as expected; 4 errors\n", run.Output, StringComparison.Ordinal);
        Assert.Collection(
            run.Error.TrimEnd('\n').Split('\n'),
            line => Assert.Contains("broken.yaml, line ", line, StringComparison.Ordinal),
            line => Assert.Contains("slips.yaml, line 6: nothing is called 'visit'", line, StringComparison.Ordinal),
            line => Assert.Contains("slips.yaml, line 8: 'amount' of 'claim' must be", line, StringComparison.Ordinal),
            line => Assert.Contains("none.yaml: it cannot be read", line, StringComparison.Ordinal));
        var json = (await AmoeCommand.RunAsync("rules", "test", _folder.Path, "-o", "json")).Json;
        Assert.Equal((1, 3), (json.GetProperty("failed").GetArrayLength(), json.GetProperty("errors").GetArrayLength()));
    }

    [Fact]
    public async Task A_slip_in_a_year_is_an_error_of_its_line()
    {
        foreach (var slip in new[] { "1999-11-10", "9999-11-10" })
        {
            var file = _folder.Write("year.yaml", Right.Replace("2023-11-10", slip, StringComparison.Ordinal));
            (await AmoeCommand.RunAsync("rules", "test", file)).IsRefusal(2, $"year.yaml, line 6: 'on' of claim must be from ");
        }
    }

    [Fact]
    public async Task Several_claims_without_a_provider_are_named_where_a_case_is_shown()
    {
        const string wrong = """
            cases:
              - case: a consultation and
                rules: [X1]
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: claim }
                  - { on: 2023-11-10, what: claim, claim: 2, provider: $provider }
                expect:
                  - { claim: 1, reason: duplicate_line }
                rows:
                  - { row: another without a provider }
                  - { row: another of a provider, provider: 900 }

            """;

        var run = await AmoeCommand.RunAsync("rules", "test", _folder.Write("wrong.yaml", wrong));

        const string line = "\n  no provider, so no duplicate (X1): claims 1, 2\n";
        Assert.Equal(4, run.ExitCode);
        Assert.Contains($"another without a provider (X1){line}", run.Output, StringComparison.Ordinal);
        Assert.Single(run.Output.Split(line)[1..]);
    }

    [Fact]
    public async Task Students_of_a_case_that_has_several_are_named_by_their_numbers()
    {
        var wrong = Wrong.Replace(
            "    given:\n", "    student: [{}, {}]\n    given:\n", StringComparison.Ordinal);

        var run = await AmoeCommand.RunAsync("rules", "test", _folder.Write("wrong.yaml", wrong));

        Assert.Matches(
            "\n  in what follows student 1 is [0-9]+, student 2 is [0-9]+\n  line 9: claim 1, line 1, amount\n", run.Output);
    }

    [Fact]
    public async Task One_case_runs_by_its_name()
    {
        _folder.Write("right.yaml", Right);
        _folder.Write("wrong.yaml", Wrong);

        var run = await AmoeCommand.RunAsync("rules", "test", _folder.Path, "--case", "a specialist");

        Assert.Equal((0, "1 case of 1 file: all as expected\n", ""), (run.ExitCode, run.Output, run.Error));
        (await AmoeCommand.RunAsync("rules", "test", _folder.Path, "--case", "a specialst"))
            .IsRefusal(1, "--case: no case is called 'a specialst'; did you mean 'a specialist'?");
    }

    [Fact]
    public async Task A_case_that_passes_is_explained_where_it_is_asked()
    {
        var file = _folder.Write("right.yaml", Right);

        var run = await AmoeCommand.RunAsync("rules", "test", file, "--explain");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("right.yaml, line 2: a specialist (B1)\n  Claim 1 of student", run.Output, StringComparison.Ordinal);
        Assert.Contains("= 120.00", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 case of 1 file: all as expected\n", run.Output, StringComparison.Ordinal);
        var json = (await AmoeCommand.RunAsync("rules", "test", file, "--explain", "-o", "json")).Json;
        Assert.Equal(
            "a specialist", Assert.Single(json.GetProperty("explained").EnumerateArray()).GetProperty("case").GetString());
    }

    [Fact]
    public async Task Under_another_rulebook_another_amount_is_right()
    {
        var amendment = _folder.Write("rules.yaml", """
            amends: amoe
            acts:
              - id: B1.specialist
                values:
                  - from: 2023-01-01
                    morocco: { base: tariff, base_centimes: 15000, rate_basis_points: 9000 }
                    abroad: not_covered
                    source: "a test"

            """);

        var run = await AmoeCommand.RunAsync("rules", "test", _folder.Write("wrong.yaml", Wrong), "--rules", amendment);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task What_cannot_be_read_as_cases_is_one_line_and_exit_code_2()
    {
        (await AmoeCommand.RunAsync("rules", "test", _folder.File("none.yaml")))
            .IsRefusal(2, "none.yaml: it cannot be read");
        (await AmoeCommand.RunAsync("rules", "test", _folder.Path)).IsRefusal(2, "the folder has no *.yaml file");
        (await AmoeCommand.RunAsync("rules", "test", _folder.Write("bad.yaml", "cases: [\n")))
            .IsRefusal(2, "bad.yaml, line ");
        (await AmoeCommand.RunAsync(
            "rules", "test",
            _folder.Write("act.yaml", Right.Replace("act: specialist", "act: dentist", StringComparison.Ordinal))))
            .IsRefusal(
                2, "act.yaml, line 6: 'act' of claim has an unknown name 'dentist'; known: general_practitioner");
        (await AmoeCommand.RunAsync("rules", "test")).IsRefusal(
            1, "Required argument 'FILE' missing for command: 'test'");
    }
}
