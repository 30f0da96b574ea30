using System.Security.Cryptography;
using System.Text;
using Amoe.Engine.Explaining;
using Amoe.Simulator;
using Amoe.Simulator.Assertions;

namespace Amoe.Host.Reports.Html;

/// <summary>
/// The end of a simulation as one page, for a browser: the summary, charts with their tables, marginals and the rules
/// it names, in French, Arabic and English. The page has all that it needs in it and reaches no other place, which its
/// content security policy holds. Without JavaScript it is in French, with tables in place of charts.
/// </summary>
internal sealed class HtmlReport
{
    /// <summary>The first line of every page, by which one is known from other files.</summary>
    public const string FirstLine = "<!DOCTYPE html><!-- A report of amoe simulate -->";

    private readonly SimulationOutcome _outcome;
    private readonly HtmlWriter _html;
    private readonly PageText _text;
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);

    private HtmlReport(TextWriter output, SimulationOutcome outcome)
    {
        (_outcome, _html) = (outcome, new HtmlWriter(output));
        _text = new PageText(_html);
    }

    public static void Write(TextWriter output, SimulationOutcome outcome)
    {
        output.Write(FirstLine + "\n");
        new HtmlReport(output, outcome).Write();
    }

    private void Write()
    {
        string[] styles = [PageAssets.Read("uPlot.min.css"), PageAssets.Read("page.css")];
        string[] scripts =
        [
            $"/*\n{PageAssets.Read("uPlot.LICENSE")}*/\n{PageAssets.Read("uPlot.iife.min.js")}",
            PageAssets.Read("page.js"),
        ];
        _html.Open("html", ("lang", Languages.CodeOf(PageText.First)), ("dir", Languages.DirectionOf(PageText.First)));
        Head(styles, scripts);
        _html.Open("body");
        Header();
        _html.Open("main");
        Summary();
        Charts();
        Marginals();
        Repeat();
        Rules();
        _html.Close();
        // Of what page.js makes.
        foreach (var key in (string[])["page.csv", "page.others"])
            _text.Used(key);
        _html.Code("script", _text.Words(), ("type", "application/json"), ("id", "words"));
        foreach (var script in scripts)
            _html.Code("script", script);
        _html.Close();
        _html.Close();
    }

    private void Head(string[] styles, string[] scripts)
    {
        _html.Open("head");
        _html.Void("meta", ("charset", "utf-8"));
        _html.Void(
            "meta", ("http-equiv", "Content-Security-Policy"),
            ("content",
                $"default-src 'none'; style-src {Hashes(styles)}; script-src {Hashes(scripts)}; base-uri 'none'; form-action 'none'"));
        _html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        _html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        _html.Element("title", $"AMOE: {_outcome.Request.Scenario.Name}");
        foreach (var style in styles)
            _html.Code("style", style);
        _html.Close();
    }

    /// <summary>What a browser may run and apply: this code and no other.</summary>
    private static string Hashes(string[] codes) => string.Join(' ', codes.Select(code =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(code)))}'"));

    private void Header()
    {
        var (request, result) = (_outcome.Request, _outcome.Result);
        _html.Open("header");
        _html.Open("nav", ("id", "languages"), ("hidden", ""));
        foreach (var (language, name) in (ReadOnlySpan<(Language, string)>)
            [(Language.Fr, "Français"), (Language.Ar, "العربية"), (Language.En, "English")])
        {
            _html.Element(
                "button", name, ("type", "button"), ("lang", Languages.CodeOf(language)), ("aria-pressed", "false"));
        }

        _html.Close();
        _text.Write("p", "page.scheme", role: "scheme");
        _text.Write("h1", new Message(
            "page.run", ("scenario", new Code(request.Scenario.Name)),
            ("scale", new Code(Format.Scale(request.ScaleThousandths))), ("seed", Code.Of(request.Seed))));
        _text.Write("p", new Message(
            result.IsComplete ? "page.complete" : "page.not_complete", ("opens", new On(request.Scenario.Horizon.Opens)),
            ("last", new On(result.LastDay))));
        _html.Close();
    }

    private void Summary()
    {
        _html.Open("section");
        _text.Write("h2", "page.summary");
        _html.Open("dl", ("class", "answers"));
        foreach (var answer in Reports.Summary.Of(_outcome).Answers)
        {
            _html.Open("div", ("class", answer.IsBad ? "bad" : null));
            _text.Write("dt", answer.Question);
            foreach (var line in answer.Lines)
                _text.Write("dd", line);
            _html.Close();
        }

        _html.Close();
        _html.Close();
    }

    private void Charts()
    {
        foreach (var (group, charts) in ReportCharts.Of(new SchemeFigures(_outcome.Result.Accounts), _outcome))
        {
            _html.Open("section");
            _text.Write("h2", $"group.{group}");
            _html.Open("div", ("class", "charts"));
            foreach (var chart in charts)
            {
                new ChartSection(_html, _text).Write(chart);
                _rules.UnionWith(chart.Series.Select(series => $"({series.Rule})"));
            }

            _html.Close();
            _html.Close();
        }
    }

    private void Marginals()
    {
        _html.Open("section");
        _text.Write("h2", "page.marginals", id: "marginals");
        if (_outcome.Result.Marginals.Count == 0)
            _text.Write("p", _outcome.Result.IsComplete ? "summary.asserts_nothing" : "page.no_marginals");
        else
            MarginalsTable(_outcome.Result.Marginals);
        _html.Close();
    }

    private void MarginalsTable(IReadOnlyList<MarginalCheck> marginals)
    {
        _html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-labelledby", "marginals"));
        _html.Open("table", ("aria-labelledby", "marginals"));
        _html.Open("thead");
        _html.Open("tr");
        foreach (var heading in (string[])["figure", "expected", "measured", "tolerance", "deviations", "holds"])
        {
            _html.Open("th", ("scope", "col"));
            _text.Write("span", $"page.{heading}");
            _html.Close();
        }

        _html.Close();
        _html.Close();
        _html.Open("tbody");
        foreach (var marginal in marginals)
        {
            _html.Open("tr", ("class", marginal.Within ? null : "bad"));
            _html.Open("th", ("scope", "row"));
            _html.Element("code", marginal.Of, ("dir", "ltr"));
            _html.Close();
            foreach (var value in (decimal[])[marginal.Expected, marginal.Measured, marginal.Tolerance])
                Cell(Figure(marginal, value));
            Cell(new Rounded(decimal.Round(marginal.Z, 2), 2));
            _html.Open("td");
            _text.Write("span", marginal.Within ? "page.within" : "page.out");
            _html.Close();
            _html.Close();
        }

        _html.Close();
        _html.Close();
        _html.Close();
    }

    /// <summary>As <see cref="Format.Figure"/>.</summary>
    private static Argument Figure(MarginalCheck marginal, decimal value) => marginal.Unit == MarginalCheck.Count
        ? new Count((long)Math.Round(value), Unit.None)
        : new Share(value / Draws.Whole);

    private void Cell(Argument value)
    {
        _html.Open("td");
        _text.Write(value);
        _html.Close();
    }

    private void Repeat()
    {
        _html.Open("section");
        _text.Write("h2", "page.again");
        _html.Open("pre", ("dir", "ltr"), ("tabindex", "0"));
        _html.Element("code", _outcome.RepeatCommand);
        _html.Close();
        _text.Write("p", new Message("page.digest", ("digest", new Code(Format.Digest(_outcome.Result.Digest)))));
        _html.Close();
    }

    /// <summary>The last section, since it is of the rules that all others name.</summary>
    private void Rules()
    {
        _html.Open("section");
        _text.Write("h2", "page.rules");
        _html.Open("dl", ("class", "rules"));
        foreach (var id in RuleLegend.Of([.. _text.Written, .. _rules]).Ids.ToList())
        {
            _html.Element("dt", id);
            _text.Write("dd", RuleLegend.Key + id);
        }

        _html.Close();
        _html.Close();
    }
}
