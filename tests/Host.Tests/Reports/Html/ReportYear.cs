using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Amoe.Host.Tests.Reports.Html;

/// <summary>A year's page and its JSON, made once for all tests of the page, in a browser too.</summary>
public sealed partial class ReportYear : IAsyncLifetime
{
    /// <summary>Of the scenario's file: nothing in it may become part of the page.</summary>
    private const string HostileName = "<b onclick=x>&amp;'\".yaml";

    private static readonly Lazy<TestFolder> _folder = new(() =>
    {
        var folder = new TestFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    private static readonly Lazy<Task<Finished>> _run = new(() => AmoeCommand.RunAsync(
        "simulate", _folder.Value.Write(HostileName, YearFixture.ScenarioText), "--scale", "0.01", "--report",
        _folder.Value.File("year.html"), "-o", "json"));

    internal Finished Run { get; private set; } = null!;

    internal JsonElement Json => Run.Json;

    internal static string File => _folder.Value.File("year.html");

    /// <summary>As it is in the file.</summary>
    internal string Html { get; private set; } = null!;

    /// <summary>Without the contents of scripts and styles, which are no XML.</summary>
    internal XElement Page { get; private set; } = null!;

    internal IEnumerable<XElement> Charts =>
        Page.Descendants("section").Where(section => (string?)section.Attribute("class") == "chart");

    public async Task InitializeAsync()
    {
        Run = await _run.Value;
        Run.IsDone();
        Html = await System.IO.File.ReadAllTextAsync(File);
        Page = Parsed(Html);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A page as XML, which it is when every element is closed and every text escaped.</summary>
    internal static XElement Parsed(string html) =>
        XDocument.Parse(Code().Replace(html, "<${element}${attributes}></${element}>")).Root!;

    /// <summary>The text of each script or style.</summary>
    internal IEnumerable<string> Codes(string element) => Code().Matches(Html)
        .Where(code => code.Groups["element"].Value == element && code.Groups["attributes"].Value.Length == 0)
        .Select(code => code.Groups["code"].Value);

    /// <summary>The words of the page, by language and key.</summary>
    internal JsonElement Words => JsonDocument.Parse(
        Code().Matches(Html).Single(code => code.Groups["attributes"].Value.Contains("json", StringComparison.Ordinal))
            .Groups["code"].Value).RootElement;

    /// <summary>A number as French has it; null of an empty cell.</summary>
    internal static decimal? Number(string cell) => cell.Length == 0
        ? null
        : decimal.Parse(
            cell.Replace("\u00a0", "", StringComparison.Ordinal).Replace(',', '.'), CultureInfo.InvariantCulture);

    /// <summary>The rows of a part of a chart's table, each with its cells' texts.</summary>
    internal static List<string[]> Rows(XElement chart, string part) =>
        [.. chart.Descendants(part).Single().Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];

    [GeneratedRegex("<(?<element>script|style)(?<attributes>[^>]*)>(?<code>.*?)</\\k<element>>", RegexOptions.Singleline)]
    private static partial Regex Code();
}
