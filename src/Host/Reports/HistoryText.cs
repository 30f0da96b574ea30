using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>Records of a journal, for a person: one line for the command and its outcome, one for each event.</summary>
internal static class HistoryText
{
    public static Action<HistoryEntry> Writer(IAnsiConsole console) => entry =>
    {
        console.Write($"{entry.Offset,8}  {Format.Date(entry.Header.Known)}  ");
        console.WriteLine(Heading(entry.Header), new Style(decoration: Decoration.Bold));
        foreach (var line in entry.Events.SelectMany(e => EventFields.Lines(EventFields.Of(e))))
            console.WriteLine($"{"",22}{line}");
    };

    private static string Heading(in RecordHeader header)
    {
        var name = Format.WordsOf(header.Kind.ToString());
        if (!header.IsCommand)
            return header.Kind == CommandKind.DueDate ? $"{name} of student {header.Student}" : name;
        var effective = header.Effective == header.Known ? "" : $", effective {Format.Date(header.Effective)}";
        var attempt = header.Id.Attempt == 0 ? "" : $", attempt {header.Id.Attempt}";
        var rule = ReasonRules.RuleOf(header.Reason);
        var reason = header.Reason == Reason.None
            ? ""
            : $": {Format.WordsOf(header.Reason.ToString())}{(rule.Length == 0 ? "" : $" ({rule})")}";
        return $"{name} {header.Id.Reference}{attempt} of student {header.Student}{effective} - {Format.WordsOf(header.Outcome.ToString())}{reason}";
    }
}
