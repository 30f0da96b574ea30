using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Amoe.Host.Tests.Reports.Html;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Amoe.Host.Tests.Browser;

/// <summary>The page of <c>simulate --report</c> as its readers have it.</summary>
public sealed class ReportBrowserTests(ReportYear year, Chromium chromium)
    : IClassFixture<ReportYear>, IClassFixture<Chromium>
{
    private const int Phone = 360;
    private const int Desk = 1280;

    public static TheoryData<string, string, ColorScheme, int> Readers
    {
        get
        {
            var readers = new TheoryData<string, string, ColorScheme, int>();
            foreach (var (locale, direction) in (ReadOnlySpan<(string, string)>)
                [("fr-FR", "ltr"), ("ar-MA", "rtl"), ("en-GB", "ltr")])
            {
                foreach (var scheme in (ReadOnlySpan<ColorScheme>)[ColorScheme.Light, ColorScheme.Dark])
                {
                    readers.Add(locale, direction, scheme, Phone);
                    readers.Add(locale, direction, scheme, Desk);
                }
            }

            return readers;
        }
    }

    [BrowserTheory]
    [MemberData(nameof(Readers))]
    public async Task It_reads_in_the_reader_s_language_colours_and_width(
        string locale, string direction, ColorScheme scheme, int width)
    {
        await using var open = await chromium.OpenAsync(ReportYear.File, locale, scheme, width);

        Assert.Equal(locale[..2], await open.Page.EvaluateAsync<string>("document.documentElement.lang"));
        Assert.Equal(direction, await open.Page.EvaluateAsync<string>("document.documentElement.dir"));
        Assert.Equal(
            width, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(Drawn.Count(), await open.Page.EvaluateAsync<int>(
            """
            [...document.querySelectorAll("canvas")].filter(canvas => {
              const color = getComputedStyle(document.documentElement).getPropertyValue("--series-0").trim();
              const [r, g, b] = color.match(/\w\w/g).map(part => parseInt(part, 16));
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              for (let at = 0; at < data.length; at += 4)
                if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) return true;
              return false;
            }).length
            """));
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => { one.open = true; })");
        Assert.Equal(
            width, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        // Every table is made alike: axe looks at one by month, since thousands of cells take it minutes.
        await open.Page.EvaluateAsync(
            "document.querySelectorAll('details').forEach(one => { one.open = one.closest('section').id === 'money'; })");
        var found = await open.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.Empty(found.Violations.Select(violation =>
            $"{violation.Id}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"));
        Assert.Empty(open.Problems);
    }

    [BrowserFact]
    public async Task Its_languages_are_switched_in_the_page()
    {
        await using var open = await chromium.OpenAsync(ReportYear.File, "de-DE");
        var (title, first) = (open.Page.Locator("#claims h3"), open.Page.Locator("#claims tbody th").First);
        Assert.Equal(("Dossiers de maladie, par mois", "septembre 2026"), (await title.InnerTextAsync(), await first.TextContentAsync()));

        await open.Page.GetByRole(AriaRole.Button, new() { Name = "العربية" }).ClickAsync();
        Assert.Equal("rtl", await open.Page.EvaluateAsync<string>("document.documentElement.dir"));
        Assert.Equal(("ملفات المرض، حسب الشهر", "شتنبر 2026"), (await title.InnerTextAsync(), await first.TextContentAsync()));
        var declarations = year.Json.GetProperty("declarations").GetInt64();
        Assert.Equal(
            declarations.ToString("N0", new NumberFormatInfo { NumberGroupSeparator = "." }),
            await open.Page.Locator("[data-place=declarations]").InnerTextAsync());

        await open.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        Assert.Equal(("ltr", "en"), (
            await open.Page.EvaluateAsync<string>("document.documentElement.dir"),
            await open.Page.EvaluateAsync<string>("document.documentElement.lang")));
        Assert.Equal(("Claims by month", "September 2026"), (await title.InnerTextAsync(), await first.TextContentAsync()));
        Assert.Empty(open.Problems);
    }

    /// <summary>A frame may begin ten downloads a second and loses others, so that each few have a page.</summary>
    [BrowserFact]
    public async Task Each_chart_is_downloaded_as_the_csv_of_its_table()
    {
        foreach (var few in Drawn.Chunk(8))
        {
            await using var open = await chromium.OpenAsync(ReportYear.File);
            foreach (var chart in few)
                await DownloadsAsync(open, chart);
            Assert.Empty(open.Problems);
        }
    }

    private static async Task DownloadsAsync(OpenPage open, XElement chart)
    {
        var name = (string)chart.Attribute("id")!;
        var download = await open.Page.RunAndWaitForDownloadAsync(() =>
            open.Page.Locator($"#{name} > button").ClickAsync());

        Assert.Equal($"amoe-{name}.csv", download.SuggestedFilename);
        Assert.Equal(
            "\ufeff" + Csv(chart), Encoding.UTF8.GetString(await File.ReadAllBytesAsync(await download.PathAsync())));
    }

    [BrowserFact]
    public async Task A_chart_shows_the_values_of_the_month_that_is_pointed_at()
    {
        await using var open = await chromium.OpenAsync(ReportYear.File, "en-GB");
        await open.Page.Locator("#claims .u-over").HoverAsync();

        var month = await open.Page.Locator("#claims .at").InnerTextAsync();
        var row = open.Page.Locator("#claims tbody tr").Filter(new() { HasText = month });
        Assert.Equal(
            await row.Locator("td").AllTextContentsAsync(), await open.Page.Locator("#claims .legend b").AllTextContentsAsync());
    }

    [BrowserFact]
    public async Task Without_JavaScript_the_summary_and_the_tables_read()
    {
        await using var open = await chromium.OpenAsync(ReportYear.File, "ar-MA", hasJavaScript: false);

        Assert.False(await open.Page.Locator("#languages").IsVisibleAsync());
        Assert.True(await open.Page.GetByText("Ce qui s'est passé").IsVisibleAsync());
        await open.Page.Locator("#claims summary").ClickAsync();
        Assert.True(await open.Page.Locator("#claims tbody tr").First.IsVisibleAsync());
        Assert.Empty(open.Problems);
    }

    private IEnumerable<XElement> Drawn => year.Charts.Where(chart => chart.Descendants("table").Any());

    /// <summary>
    /// From the table in the file: lines end with CR and LF, and cells with a comma or quote are quoted.
    /// </summary>
    private static string Csv(XElement chart)
    {
        var headings = chart.Descendants("thead").Single().Descendants("th").ToList();
        string?[] decimals = [.. headings.Select(heading => (string?)heading.Attribute("data-decimals"))];
        List<string[]> rows =
        [
            [.. headings.Select(heading => heading.Value)],
            .. ReportYear.Rows(chart, "tbody").Select(row => row.Index().Select(cell => cell.Index == 0
                ? cell.Item
                : ReportYear.Number(cell.Item)?.ToString($"F{decimals[cell.Index]}", CultureInfo.InvariantCulture) ?? "")
                .ToArray()),
        ];
        return string.Concat(rows.Select(row => string.Join(',', row.Select(Quoted)) + "\r\n"));
    }

    private static string Quoted(string cell) => cell.IndexOfAny([',', '"']) < 0
        ? cell
        : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
