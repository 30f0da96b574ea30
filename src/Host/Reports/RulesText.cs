using Amoe.Engine.Rules;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>Rules, and where rulebooks differ, for a person.</summary>
internal static class RulesText
{
    public static void Write(IAnsiConsole console, IReadOnlyList<ParameterPeriod> periods, bool withSource)
    {
        foreach (var parameter in periods.GroupBy(period => period.Id))
        {
            Title(console, parameter.Key, parameter.First().Text, $" ({parameter.First().Unit})");
            foreach (var period in parameter)
            {
                console.WriteLine($"  {Days(period.From, period.Until),-24}  {period.Value}");
                if (withSource)
                    console.WriteLine($"  {"",-24}  source: {period.Source}");
            }
        }
    }

    public static void Write(IAnsiConsole console, IReadOnlyList<RulebookDifference> differences)
    {
        foreach (var parameter in differences.GroupBy(difference => difference.Id))
        {
            Title(console, parameter.Key, parameter.First().Text, "");
            foreach (var difference in parameter)
            {
                console.WriteLine(
                    $"  {Days(difference.From, difference.Until),-24}- {difference.First ?? "(no value)"}");
                console.WriteLine($"  {"",-24}+ {difference.Second ?? "(no value)"}");
            }
        }
    }

    private static void Title(IAnsiConsole console, string id, string text, string more)
    {
        console.Write(id, new Style(decoration: Decoration.Bold));
        console.WriteLine($"  {text}{more}");
    }

    private static string Days(DateOnly from, DateOnly? until) =>
        $"{Format.Date(from)} {(until is { } end ? $"to {Format.Date(end)}" : "on")}";
}
