using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;

namespace Amoe.Host.Tests;

public sealed class ExplainTests(YearFixture year) : IClassFixture<YearFixture>
{
    [Fact]
    public void Every_decision_of_a_small_year_is_explained_in_every_language_and_no_amount_differs_from_the_rulebook()
    {
        using var journal = SqliteJournal.OpenReadOnly(year.SmallJournal);
        var explainer = new Explainer(journal);
        var (lines, amounts) = (0, 0);
        foreach (var student in StudentsOf(journal))
        {
            var reading = explainer.Read(student);
            foreach (var explanation in reading.Claims.Select(claim => Explainer.Claim(reading, claim.Number))
                .Prepend(Explainer.Student(reading, reading.KnownOn)))
            {
                amounts += explanation.All().Count(node => node.Message.Key == Keys.LineArithmetic);
                Assert.DoesNotContain(explanation.All(), node => node.Message.Key == Keys.LineDiffers);
                foreach (var language in Languages.All)
                    lines += ExplanationText.Lines(explanation, language).Count(line => !line.Contains('{'));
            }
        }

        Assert.True(lines > 10_000, $"{lines} lines");
        Assert.True(amounts > 100, $"{amounts} amounts");
    }

    [Fact]
    public async Task A_claim_is_found_by_its_number_alone_and_explained_the_same_as_with_its_student()
    {
        var (student, claim, payable) = SomePaidClaim();
        var found = await AmoeCommand.RunAsync("explain", "--journal", year.SmallJournal, "--claim", $"{claim}");
        var named = await AmoeCommand.RunAsync(
            "explain", "--journal", year.SmallJournal, "--claim", $"{claim}", "--student", $"{student}");

        Assert.Equal((0, named.Output), (found.ExitCode, found.Output));
        Assert.StartsWith($"Claim {claim} of student {student}, as known on ", found.Output, StringComparison.Ordinal);
        Assert.Contains($"amount payable {payable / 100m:#,0.00} MAD", found.Output, StringComparison.Ordinal);
        Assert.Contains("rounded half up to the centime", found.Output, StringComparison.Ordinal);
        Assert.Contains("Rules cited", found.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "ltr")]
    [InlineData("fr", "ltr")]
    [InlineData("ar", "rtl")]
    public async Task Json_has_language_direction_rules_parameters_and_values(string lang, string dir)
    {
        var (student, claim, payable) = SomePaidClaim();
        var json = (await AmoeCommand.RunAsync(
            "explain", "--journal", year.SmallJournal, "--claim", $"{claim}", "--student", $"{student}", "--lang", lang,
            "-o", "json")).Json;

        Assert.Equal((lang, dir), (json.GetProperty("lang").GetString(), json.GetProperty("dir").GetString()));
        var root = json.GetProperty("explanation");
        Assert.Equal(payable, root.GetProperty("values").GetProperty("amount").GetProperty("centimes").GetInt64());
        var nodes = All(root).ToList();
        Assert.Contains(
            nodes,
            node =>
                node.TryGetProperty("rule", out var rule)
                    && rule.GetProperty("id").GetString() == "B11"
                    && rule.GetProperty("text").GetString()!.Length > 0);
        Assert.Contains(
            nodes,
            node =>
                node.TryGetProperty("parameters", out var parameters)
                    && parameters[0].GetProperty("read_on").GetString()!.Length == 10);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ar")]
    public async Task A_short_form_comes_before_the_explanation_as_text_and_as_json(string lang)
    {
        var (student, claim, payable) = SomePaidClaim();
        string[][] questions = [
            ["--student", $"{student}", "--lang", lang],
            ["--student", $"{student}", "--claim", $"{claim}", "--lang", lang]
        ];
        foreach (var question in questions)
        {
            var lines = (await Explain(question)).Output.Split('\n');
            var summary =
                (await Explain([.. question, "-o", "json"])).Json.GetProperty("summary").EnumerateArray().ToList();

            Assert.Equal(summary.Count, Array.IndexOf(lines, ""));
            Assert.InRange(summary.Count, 2, 12);
            Assert.All(
                summary.Zip(lines),
                pair =>
                    Assert.Contains(
                        pair.First.GetProperty("text").GetString()!, pair.Second, StringComparison.Ordinal));
            Assert.All(summary, line => Assert.False(line.TryGetProperty("because", out _)));
        }

        var head = (await Explain([.. questions[1], "-o", "json"])).Json
            .GetProperty("summary")[0]
            .GetProperty("values");
        Assert.Equal(payable, head.GetProperty("amount").GetProperty("centimes").GetInt64());
        var paid = head.GetProperty("balance").GetProperty("phrases")[0];
        Assert.Equal(
            ("balance.paid", payable),
            (paid.GetProperty("key").GetString(),
                paid.GetProperty("values").GetProperty("amount").GetProperty("centimes").GetInt64()));
    }

    [Fact]
    public async Task A_student_is_explained_on_a_day_as_known_on_a_day()
    {
        var (student, _, _) = SomePaidClaim();
        var text = (await AmoeCommand.RunAsync(
            "explain", "--journal", year.SmallJournal, "--student", $"{student}", "--on", "2026-12-02", "--known",
            "2027-01-01", "--lang", "fr")).Output;

        Assert.StartsWith(
            $"Étudiant {student}, d'après ce qui est connu le 1er janvier 2027", text, StringComparison.Ordinal);
        Assert.Contains("Le 2 décembre 2026, l'étudiant ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_explained_is_one_line()
    {
        var (student, claim, _) = SomePaidClaim();
        (await Explain("--student", "999999999")).IsRefusal(1, "it has no record of student 999999999");
        var nobodys = await Explain("--claim", "281474976710655");
        Assert.Equal((1, ""), (nobodys.ExitCode, nobodys.Output));

        // The search takes as long as it takes, and says so after two seconds.
        Assert.EndsWith("it has no claim 281474976710655.\n", nobodys.Error, StringComparison.Ordinal);
        (await Explain("--claim", "281474976710655", "--student", $"{student}"))
            .IsRefusal(1, $"student {student} has no claim 281474976710655");
        (await Explain("--student", $"{student}", "--known", "2020-01-01"))
            .IsRefusal(1, $"nothing was known of student {student} on 2020-01-01; his first record is of 20");
        (await Explain("--claim", $"{claim}", "--student", $"{student}", "--on", "2026-01-01"))
            .IsRefusal(1, "--on asks about a student's day");
        (await Explain()).IsRefusal(1, "name a student with --student, a claim with --claim, or both");
        (await Explain("--student", "1", "--lang", "es")).IsRefusal(1, "--lang is fr, ar or en, not 'es'");
        (await Explain("--student", "1", "--on", "01/02/2026"))
            .IsRefusal(1, "--on is a date that exists, as yyyy-MM-dd, not '01/02/2026'");
        (await AmoeCommand.RunAsync("explain", "--journal", "/nowhere.amoe", "--student", "1"))
            .IsRefusal(3, "there is no such file");
    }

    private Task<Finished> Explain(params string[] args) =>
        AmoeCommand.RunAsync(["explain", "--journal", year.SmallJournal, .. args]);

    /// <summary>The first claim of the journal that was paid, of any student.</summary>
    private (StudentId Student, ulong Claim, long PayableCentimes) SomePaidClaim()
    {
        using var journal = SqliteJournal.OpenReadOnly(year.SmallJournal);
        var found = Records(journal)
            .SelectMany(entry =>
                entry.Events.OfType<PaymentMade>().Select(paid =>
                    (entry.Header.Student, paid.Claim, paid.AmountCentimes)))
            .First();
        return found;
    }

    private static IEnumerable<StudentId> StudentsOf(SqliteJournal journal) =>
        Records(journal)
            .Where(entry => entry.Header.Kind >= CommandKind.DueDate)
            .Select(entry => entry.Header.Student)
            .Distinct();

    private static IEnumerable<HistoryEntry> Records(SqliteJournal journal) =>
        Enumerable.Range(0, journal.Identity.StudentPartitions)
            .SelectMany(partition => History.OfPartition(journal, partition));

    private static IEnumerable<JsonElement> All(JsonElement node) =>
        (node.TryGetProperty("because", out var because) ? because.EnumerateArray().SelectMany(All) : []).Prepend(node);
}
