using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;

namespace Amoe.Host.Reports;

/// <summary>Opening balances as a journal has them, beside the totals of the fund's books.</summary>
/// <param name="Journal">The figures by name; what is nothing is left out.</param>
/// <param name="Totals">The fund's; null where none are named.</param>
internal sealed record OpeningReport(
    string Path, OpeningPhase Phase, DateOnly Day, AuditReport Audit, IReadOnlyDictionary<string, long> Journal,
    IReadOnlyDictionary<string, long>? Totals)
{
    private readonly Totals _counted = Audit.Accounts.Totals;

    /// <summary>Where the two sides differ.</summary>
    public IReadOnlyList<TotalDifference> Differences { get; } =
        Totals is null ? [] : ControlTotals.Compare(Totals, Journal);

    private Breakdown Refused =>
        Breakdown.Of(_counted).First(breakdown => breakdown.Name == "commands_refused_by_reason");

    public void WriteText(TextWriter output)
    {
        var phase = Phase switch
        {
            OpeningPhase.None => "never began",
            OpeningPhase.Begun => "are taken",
            _ => "are closed"
        };
        output.WriteLine($"{Path}: opening balances {phase}{(Day == default ? "" : $", through {Day:yyyy-MM-dd}")}");
        output.WriteLine(
            $"Lines decided: {Format.Count(_counted[Counter.Commands])}, of these refused: "
            + $"{Format.Count(_counted[Counter.CommandsRefused])}");
        foreach (var row in Refused.Rows)
            output.WriteLine($"  {row.Name,-40}{row.Rule,-8}{Format.Count(row.Count),12}");
        output.WriteLine();
        output.WriteLine($"{"",-40}{"journal",20}{(Totals is null ? "" : "totals"),20}");
        foreach (var name in Journal.Keys.Union(Totals?.Keys ?? []).Order(StringComparer.Ordinal))
        {
            var (has, said) = (Journal.GetValueOrDefault(name), Totals?.GetValueOrDefault(name));
            output.WriteLine($"{name,-40}{has,20}{said,20}{(said is null || said == has ? "" : "  differs")}");
        }

        foreach (var problem in Audit.Problems)
            output.WriteLine($"problem: {problem}");
    }

    public void WriteJson(TextWriter output) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", Path);
        json.WriteString("phase", Engine.Text.SnakeCase<OpeningPhase>.NameOf(Phase));
        if (Day != default)
            json.WriteString("day", $"{Day:yyyy-MM-dd}");
        json.WriteNumber("lines", _counted[Counter.Commands]);
        json.WriteNumber("refused", _counted[Counter.CommandsRefused]);
        JsonLine.Write(json, [Refused]);
        json.WriteStartObject("figures");
        foreach (var (name, value) in Journal)
            json.WriteNumber(name, value);
        json.WriteEndObject();
        if (Totals is not null)
        {
            json.WriteStartObject("totals");
            foreach (var (name, value) in Totals)
                json.WriteNumber(name, value);
            json.WriteEndObject();
            json.WriteStartArray("differences");
            foreach (var difference in Differences)
            {
                json.WriteStartObject();
                json.WriteString("name", difference.Name);
                json.WriteNumber("totals", difference.Totals);
                json.WriteNumber("journal", difference.Journal);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartArray("problems");
        foreach (var problem in Audit.Problems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
