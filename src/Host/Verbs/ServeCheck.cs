using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Engine.Text;
using Amoe.Host.Checking;
using Amoe.Host.Live;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>serve --check</c>: what a start with the same options would come to, without it.</summary>
internal static class ServeCheck
{
    /// <param name="parsed">Options that go together.</param>
    /// <returns>The exit code with which the start would end, or 0 where it would serve.</returns>
    public static int Run(ServeOptions options, ParseResult parsed, OutputFormat format, Terminal terminal)
    {
        var checks = new CheckList(format == OutputFormat.Json ? WriteJson : WriteText);
        var settings = checks.Run<LiveSettings>("settings", () => options.Settings(parsed) is { } read
            ? (read, Finding.Ok(read.Names.Count == 0 ? "none are set" : $"set are {string.Join(", ", read.Names)}"))
            : (null, Finding.Ok("none are used: the host has no API")));
        var isConfigured = checks.ExitCode == ExitCode.Done;

        // Nothing is begun, so it is of no matter which one.
        var begins = checks.Run<JournalIdentity>("rulebook", () =>
            (options.Begins(parsed), Finding.Ok("it can be read, for a journal that is begun")))
            ?? JournalIdentity.OfProduction("", default);
        if (options.IsOfCluster(parsed))
            DatabaseChecks.Run(
                checks, options.Cluster(parsed, isConfigured ? settings : new LiveSettings(), begins), isConfigured,
                terminal.Time);
        else
            Run(checks, options.Alone(parsed, settings ?? new LiveSettings(), begins), isConfigured, terminal.Time);
        return checks.ExitCode;
    }

    private static void Run(CheckList checks, LiveRequest request, bool isConfigured, TimeProvider time)
    {
        if (request.Journal.IsPostgres)
            DatabaseChecks.Run(checks, request, isConfigured, time);
        else
            FileChecks.Run(checks, request, isConfigured, time);
    }

    private static void WriteText(string name, Finding finding) =>
        Terminal.Plain(
            $"{NameOf(finding.State),-9}{name,-17}{finding.Found}{(finding.Advice is { } advice ? $". {advice}" : "")}");

    private static void WriteJson(string name, Finding finding) => JsonLine.Write(Console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("check", name);
        json.WriteString("state", NameOf(finding.State));
        json.WriteString("found", finding.Found);
        if (finding.Advice is { } advice)
            json.WriteString("advice", advice);
        json.WriteEndObject();
    });

    private static string NameOf(CheckState state) => SnakeCase<CheckState>.NameOf(state);
}
