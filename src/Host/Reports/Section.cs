using System.Text.Json;

namespace Amoe.Host.Reports;

/// <summary>Figures under a title: the same for the report and for JSON.</summary>
internal sealed record Section(string Title, IReadOnlyList<Figure> Figures)
{
    public void Write(Utf8JsonWriter json)
    {
        foreach (var figure in Figures)
        {
            if (figure.Name is { } name)
                figure.Write(json, name);
        }
    }
}

/// <param name="Name">
/// In snake_case, for JSON; null where another section has the figure and this one repeats it to add up.
/// </param>
/// <param name="Indent">A figure is part of the nearest one before it with a smaller indent.</param>
/// <param name="Label">Null for a figure that only JSON has.</param>
internal sealed record Figure(string? Name, string? Label, long Value, int Indent = 1)
{
    public bool IsMoney { get; init; }

    /// <summary>True where it is subtracted: the report shows it below zero, so that its column adds up.</summary>
    public bool IsSubtracted { get; init; }

    /// <summary>How the report writes it, where that is not a count or dirhams.</summary>
    public string? Shown { get; init; }

    /// <summary>True where the value is in tenths, which JSON has as a fraction.</summary>
    public bool IsInTenths { get; init; }

    public string Text => Shown ?? (IsMoney ? Format.Dirhams(Signed) : Format.Count(Signed));

    private long Signed => IsSubtracted ? -Value : Value;

    public void Write(Utf8JsonWriter json, string name)
    {
        if (IsInTenths)
            json.WriteNumber(name, Value / 10m);
        else
            json.WriteNumber(IsMoney ? $"{name}_centimes" : name, Value);
    }

    public static Figure Money(string? name, string label, long centimes, int indent = 1) =>
        new(name, label, centimes, indent) { IsMoney = true };

    public static Figure Less(string? name, string label, long centimes) =>
        Money(name, label, centimes) with { IsSubtracted = true };
}
