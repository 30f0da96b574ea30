using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Amoe.Host.Tests.Reports.Html;

/// <summary>What is in the page of <c>simulate --report</c>, read without a browser.</summary>
public sealed partial class ReportPageTests(ReportYear year) : IClassFixture<ReportYear>
{
    private static readonly Dictionary<string, string[]> _byDay = new()
    {
        ["students"] = ["active", "suspended"],
        ["applications"] =
        [
            "pending_not_forwarded", "pending_at_onousc", "pending_at_ofppt", "pending_at_anam_portal",
            "pending_with_anam",
        ],
        ["backlogs"] =
        [
            "approvals_pending", "reviews_pending", "duplicates_pending", "appeals_pending", "claims_with_student",
            "claims_not_received",
        ],
    };

    [Fact]
    public void The_terminal_says_where_the_page_is() =>
        Assert.EndsWith($"amoe: {ReportYear.File} has the report, for a browser\n", year.Run.Error, StringComparison.Ordinal);

    [Fact]
    public void It_reaches_no_other_place()
    {
        Assert.DoesNotContain(
            year.Page.Descendants().SelectMany(element => element.Attributes()),
            attribute => attribute.Name.LocalName is "src" or "href" or "action" or "style" or "onclick");
        Assert.All(year.Codes("style"), style => Assert.DoesNotMatch("url\\(|@import", style));
        Assert.All(
            year.Codes("script"),
            script => Assert.DoesNotMatch("fetch\\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\\(", script));
    }

    [Fact]
    public void Its_policy_lets_a_browser_run_its_own_code_alone()
    {
        var policy = (string)year.Page.Descendants("meta")
            .Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!;

        Assert.Equal(
            $"default-src 'none'; style-src {Hashes("style")}; script-src {Hashes("script")}; base-uri 'none'; form-action 'none'",
            policy);
        Assert.Equal((2, 2), (year.Codes("style").Count(), year.Codes("script").Count()));

        string Hashes(string element) => string.Join(' ', year.Codes(element).Select(code =>
            $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(code)))}'"));
    }

    [Fact]
    public void Each_drawn_chart_has_its_table_and_its_title()
    {
        Assert.True(year.Charts.Count(chart => chart.Descendants("table").Any()) > 15);
        Assert.All(year.Charts, chart =>
        {
            Assert.NotEmpty(chart.Element("h3")!.Value);
            Assert.Equal(Plots(chart).Count(), chart.Descendants("table").Count());
            Assert.True(Plots(chart).Any() || chart.Descendants("p").Any(IsNothing), chart.Element("h3")!.Value);
        });

        static IEnumerable<XElement> Plots(XElement chart) =>
            chart.Elements("div").Where(div => (string?)div.Attribute("class") == "plot");
        static bool IsNothing(XElement note) => (string?)note.Attribute("data-words") == "page.nothing";
    }

    [Fact]
    public void Tables_by_day_have_the_days_of_the_json()
    {
        var days = year.Json.GetProperty("days");
        foreach (var (name, figures) in _byDay)
        {
            var rows = ReportYear.Rows(Chart(name), "tbody");
            Assert.Equal(days.GetProperty("first").GetString(), rows[0][0]);
            Assert.Equal(days.GetProperty("last").GetString(), rows[^1][0]);
            foreach (var (at, figure) in figures.Index())
                Assert.Equal(Numbers(days.GetProperty(figure)), rows.Select(row => ReportYear.Number(row[at + 1])));
        }
    }

    [Theory]
    [InlineData("claims", "files_brought", "claims", "claims_decided")]
    [InlineData("money", "claimed_centimes", "payable_centimes", "spent_centimes")]
    public void Tables_by_month_have_the_months_of_the_json(string chart, params string[] figures)
    {
        var (months, rows) = (year.Json.GetProperty("months").EnumerateArray().ToList(),
            ReportYear.Rows(Chart(chart), "tbody"));
        Assert.Equal(months.Select(month => month.GetProperty("name").GetString()), rows.Select(row => row[0]));
        foreach (var (at, figure) in figures.Index())
        {
            var unit = figure.EndsWith("_centimes", StringComparison.Ordinal) ? 100m : 1;
            Assert.Equal(
                months.Select(month => (decimal?)month.GetProperty(figure).GetInt64() / unit),
                rows.Select(row => ReportYear.Number(row[at + 1])));
            Assert.Equal(
                year.Json.GetProperty(figure).GetInt64() / unit,
                ReportYear.Number(ReportYear.Rows(Chart(chart), "tfoot").Single()[at + 1]));
        }
    }

    [Fact]
    public void Tables_taken_apart_have_the_rows_of_the_json_and_their_sums()
    {
        foreach (var table in year.Json.GetProperty("by_month").EnumerateObject().Where(table => table.Name != "months"))
        {
            var chart = Chart(table.Name);
            var columns = Columns(chart);
            Assert.Equal(
                table.Value.EnumerateArray().Select(row => row.GetProperty("name").GetString()!)
                    .Order(StringComparer.Ordinal),
                columns.Keys.Order(StringComparer.Ordinal));
            foreach (var row in table.Value.EnumerateArray())
            {
                var isMoney = row.TryGetProperty("centimes", out var values);
                values = isMoney ? values : row.GetProperty("count");
                var column = columns[row.GetProperty("name").GetString()!];
                decimal?[] expected = [.. Numbers(values).Select(value => isMoney ? value / 100 : value)];
                Assert.Equal(expected, ReportYear.Rows(chart, "tbody").Select(cells => ReportYear.Number(cells[column])));
                Assert.Equal(
                    expected.Sum(), ReportYear.Number(ReportYear.Rows(chart, "tfoot").Single()[column]));
                if (row.TryGetProperty("of", out var of))
                    Assert.Equal(
                        Numbers(of), ReportYear.Rows(chart, "tbody").Select(cells => ReportYear.Number(cells[column + 1])));
            }
        }
    }

    [Fact]
    public void Rates_and_latency_are_those_of_the_json()
    {
        var pace = year.Json.GetProperty("pace").EnumerateArray().ToList();
        var (rates, latency) = (ReportYear.Rows(Chart("rate"), "tbody"), ReportYear.Rows(Chart("latency"), "tbody"));
        Assert.Equal(pace.Select(sample => sample.GetProperty("day").GetString()), rates.Select(row => row[0]));
        Assert.Equal(
            pace.Select(sample => (decimal?)sample.GetProperty("commands").GetInt64()),
            rates.Select(row => ReportYear.Number(row[3])));
        Assert.Equal(year.Json.GetProperty("commands_this_run").GetInt64(), rates.Sum(row => ReportYear.Number(row[3])));
        Assert.Equal(
            pace.Select(sample => sample.TryGetProperty("commit_p99_ms", out var p99)
                ? decimal.Round(p99.GetDecimal(), 2, MidpointRounding.AwayFromZero)
                : (decimal?)null),
            latency.Select(row => ReportYear.Number(row[2])));
    }

    [Fact]
    public void The_summary_has_the_figures_of_the_json()
    {
        var values = year.Page.Descendants("dl").First().Descendants("data")
            .ToLookup(data => $"{Sentence(data)}/{(string?)data.Attribute("data-place")}", data => (string)data.Attribute("value")!);

        Assert.Equal($"{year.Json.GetProperty("declarations")}", values["summary.declared/declarations"].Single());
        Assert.Equal(
            year.Json.GetProperty("spent_centimes").GetInt64() / 100m,
            decimal.Parse(values["summary.claims/spent"].Single(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal($"{year.Json.GetProperty("commands_this_run")}", values["summary.commands/commands"].Single());

        static string Sentence(XElement data) => (string)data.Parent!.Attribute("data-words")!;
    }

    [Fact]
    public void Marginals_digest_and_the_command_that_repeats_it_are_there()
    {
        var marginals = year.Page.Descendants("table")
            .Single(table => (string?)table.Attribute("aria-labelledby") == "marginals");
        Assert.Equal(
            year.Json.GetProperty("marginals").EnumerateArray().Select(marginal => marginal.GetProperty("of").GetString()),
            marginals.Element("tbody")!.Elements("tr").Select(row => row.Element("th")!.Value));
        Assert.Equal(year.Json.GetProperty("repeat").GetString(), year.Page.Descendants("pre").Single().Value);
        Assert.Contains("<b onclick=x>", year.Page.Descendants("pre").Single().Value, StringComparison.Ordinal);
        Assert.Contains(year.Page.Descendants("code"), code => code.Value == year.Run.Digest);
    }

    [Fact]
    public void Each_rule_it_names_is_in_its_legend()
    {
        var legend = year.Page.Descendants("dl").Single(list => (string?)list.Attribute("class") == "rules");
        string[] ids = [.. legend.Elements("dt").Select(id => id.Value)];
        string[] named =
        [
            .. year.Page.Descendants("section").Except(legend.AncestorsAndSelf()).SelectMany(section =>
                Bracket().Matches(section.Value)).SelectMany(bracket => RuleId().Matches(bracket.Value))
                .Select(id => id.Value).Distinct(),
        ];

        Assert.True(named.Length > 10);
        Assert.Equal(named.Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        Assert.All(legend.Elements("dd"), text => Assert.NotEmpty(text.Value));
    }

    [Fact]
    public void Each_text_has_its_words_in_three_languages()
    {
        string[] used = [.. year.Page.Descendants().Attributes("data-words").Select(key => key.Value).Distinct()];
        Assert.Equal(["ar", "en", "fr"], year.Words.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
        foreach (var language in year.Words.EnumerateObject())
            Assert.All(used, key => Assert.NotEmpty(language.Value.GetProperty(key).GetString()!));
    }

    /// <summary>A run that took up a journal says that its speed is not the year's.</summary>
    [Fact]
    public async Task A_resumed_run_is_marked()
    {
        using var folder = new TestFolder();
        var (journal, page) = (folder.File("year.amoe"), folder.File("year.html"));
        (await AmoeCommand.RunAsync("simulate", YearFixture.Scenario, "--scale", "0.001", "--journal", journal)).IsDone();
        (await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.001", "--journal", journal, "--resume", "--report", page))
            .IsDone();

        var resumed = ReportYear.Parsed(await File.ReadAllTextAsync(page));
        string[] marked =
        [
            .. resumed.Descendants().Where(note => (string?)note.Attribute("data-words") == "page.this_run")
                .Select(note => (string)note.Parent!.Attribute("id")!),
        ];
        Assert.Equal(["rate", "latency"], marked);
        Assert.Contains(resumed.Descendants("dd"), line => (string?)line.Attribute("data-words") == "summary.resumed");
        Assert.DoesNotContain("data-words=\"page.this_run\"", year.Html, StringComparison.Ordinal);
    }

    /// <summary>Where each kind has its column; of a clock the next column has how often it was measured.</summary>
    private static Dictionary<string, int> Columns(XElement chart) => !chart.Descendants("table").Any()
        ? []
        : chart.Descendants("thead").Single().Descendants("th").Index()
            .Select(heading => (At: heading.Index, Key: (string)heading.Item.Element("span")!.Attribute("data-words")!))
            .Where(heading => !heading.Key.StartsWith("page.", StringComparison.Ordinal))
            .ToDictionary(heading => heading.Key.Split('.')[1], heading => heading.At);

    private XElement Chart(string name) => year.Charts.Single(chart => (string?)chart.Attribute("id") == name);

    private static IEnumerable<decimal?> Numbers(JsonElement array) =>
        array.EnumerateArray().Select(value => (decimal?)value.GetInt64());

    [GeneratedRegex(@"\([A-Z]\d+(?:, [A-Z]\d+)*\)")]
    private static partial Regex Bracket();

    [GeneratedRegex(@"[A-Z]\d+")]
    private static partial Regex RuleId();
}
