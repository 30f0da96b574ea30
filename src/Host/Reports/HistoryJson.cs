using System.Text.Json.Nodes;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Text;

namespace Amoe.Host.Reports;

/// <summary>Records of a journal, for a program: an object a line.</summary>
internal static class HistoryJson
{
    public static Action<HistoryEntry> Writer(TextWriter output) => entry => output.WriteLine(Of(entry));

    /// <summary>One record as an object.</summary>
    public static string Of(HistoryEntry entry)
    {
        var header = entry.Header;
        var record = new JsonObject
        {
            ["offset"] = entry.Offset,
            ["kind"] = SnakeCase<CommandKind>.NameOf(header.Kind),
            ["known"] = Format.Date(header.Known),
            ["effective"] = Format.Date(header.Effective),
        };
        if (header.HasStudent)
            record["student"] = header.Student.Value;
        if (header.IsCommand)
        {
            record["reference"] = header.Id.Reference;
            record["attempt"] = (int)header.Id.Attempt;
            record["outcome"] = SnakeCase<Outcome>.NameOf(header.Outcome);
            if (header.Reason != Reason.None)
            {
                record["reason"] = SnakeCase<Reason>.NameOf(header.Reason);
                record["rule"] = ReasonRules.RuleOf(header.Reason);
            }
        }

        record["events"] = new JsonArray([.. entry.Events.Select(EventFields.Of)]);
        return EventFields.ToJson(record);
    }
}
