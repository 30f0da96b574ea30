using System.Text.Json;
using Amoe.Engine.Cases;
using Amoe.Engine.Explaining;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// The results of cases: of those that fail, name, line, expected and actual values, and the explanation.
/// </summary>
internal static class CaseReport
{
    /// <summary>More would not fit a screen; the count says how many there are, and JSON has them all.</summary>
    private const int ShownMax = 10;

    /// <summary>The explanation of the first is to leave room for it on the screen.</summary>
    private const int WhyLinesMax = 24;

    private static readonly Style Bold = new(decoration: Decoration.Bold);

    /// <param name="errors">How many errors kept cases from running.</param>
    public static void WriteText(IAnsiConsole console, List<CaseResult> results, int errors)
    {
        foreach (var result in results.Where(result => result.Explanations.Count > 0))
            WriteExplanations(console, result);
        var failed = results.FindAll(result => !result.Passed);
        foreach (var (number, result) in failed.Take(ShownMax).Index())
        {
            Write(console, result);
            if (number == 0)
                Explain(console, result);
            console.WriteLine();
        }

        if (failed.Count > ShownMax)
            console.WriteLine($"... and {failed.Count - ShownMax} more");
        var of =
            $"{Count(results.Count, "case")} of {Count(results.Select(result => result.Case.File).Distinct().Count(), "file")}";
        var unread = errors == 0 ? "" : $"; {Count(errors, "error")}";
        console.WriteLine(
            failed.Count == 0
                ? $"{of}: all as expected{unread}"
                : $"{of}: {Format.Count(failed.Count)} not as expected{unread}",
            Bold);
    }

    public static void WriteJson(TextWriter output, List<CaseResult> results, List<string> errors) =>
        JsonLine.Write(output, json => Write(json, results, errors));

    private static void Write(Utf8JsonWriter json, List<CaseResult> results, List<string> errors)
    {
        json.WriteStartObject();
        json.WriteNumber("cases", results.Count);
        json.WriteNumber("passed", results.Count(result => result.Passed));
        json.WriteStartArray("failed");
        foreach (var result in results.Where(result => !result.Passed))
        {
            json.WriteStartObject();
            json.WriteString("file", result.Case.File);
            json.WriteNumber("line", result.Case.Line);
            json.WriteString("case", result.Case.Name);
            json.WriteStartArray("rules");
            foreach (var rule in result.Case.Rules)
                json.WriteStringValue(rule);
            json.WriteEndArray();
            json.WriteStartArray("differences");
            foreach (var difference in result.Differences)
            {
                json.WriteStartObject();
                json.WriteNumber("line", difference.Line);
                json.WriteString("what", difference.What);
                json.WriteString("expected", difference.Expected);
                json.WriteString("got", difference.Got);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (result.Why is { } why)
            {
                json.WriteStartObject("why");
                ExplanationJson.Write(json, why, Language.En);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("errors");
        foreach (var error in errors)
            json.WriteStringValue(error);
        json.WriteEndArray();
        WriteExplanations(json, results);
        json.WriteEndObject();
    }

    /// <summary>Where they were asked for, of every case.</summary>
    private static void WriteExplanations(Utf8JsonWriter json, List<CaseResult> results)
    {
        if (results.TrueForAll(result => result.Explanations.Count == 0))
            return;
        json.WriteStartArray("explained");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("case", result.Case.Name);
            json.WriteStartArray("explanations");
            foreach (var explanation in result.Explanations)
            {
                json.WriteStartObject();
                ExplanationJson.Write(json, explanation, Language.En);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteExplanations(IAnsiConsole console, CaseResult result)
    {
        WriteTitle(console, result.Case);
        foreach (var line in result.Explanations.SelectMany(one => ExplanationText.Lines(one, Language.En).Append("")))
            console.WriteLine(line.Length == 0 ? "" : $"  {line}");
    }

    private static void WriteTitle(IAnsiConsole console, RuleCase one)
    {
        console.WriteLine($"{one.File}, line {one.Line}: {one.Name} ({string.Join(", ", one.Rules)})", Bold);
        if (one.Students.Count > 1)
            console.WriteLine(
                $"  in what follows {string.Join(", ", one.Students.Index().Select(student => $"student {student.Index + 1} is {student.Item}"))}");
        if (one.WithoutProvider.Count > 0)
            console.WriteLine($"  no provider, so no duplicate (X1): claims {string.Join(", ", one.WithoutProvider)}");
    }

    private static void Write(IAnsiConsole console, CaseResult result)
    {
        var one = result.Case;
        WriteTitle(console, one);
        foreach (var difference in result.Differences)
        {
            console.WriteLine($"  line {difference.Line}: {difference.What}");
            console.WriteLine($"    expected  {difference.Expected}");
            console.WriteLine($"    got       {difference.Got}");
        }

        if (one.Note.Length > 0)
            console.WriteLine($"  note: {one.Note}");
    }

    /// <summary>Why it came so; where that is more than an answer to a command, from the student's journal.</summary>
    private static void Explain(IAnsiConsole console, CaseResult result)
    {
        if (result.Why is { } why)
        {
            console.WriteLine("  why:");
            string[] lines = [.. ExplanationText.Lines(why, Language.En)];
            foreach (var line in lines.Take(WhyLinesMax))
                console.WriteLine($"    {line}");
            if (lines.Length > WhyLinesMax)
                console.WriteLine("    ... (all of it with -o json)");
            return;
        }

        console.WriteLine("  what happened:");
        var write = HistoryText.Writer(console);
        foreach (var entry in result.History)
            write(entry);
    }

    private static string Count(int count, string what) => $"{Format.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
