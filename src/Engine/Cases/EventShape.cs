using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Cases;

/// <summary>
/// An event as a case names it: its name and plain fields in snake_case, dates as yyyy-MM-dd, amounts in dirhams.
/// </summary>
/// <param name="Fields">Nothing and lists are left out.</param>
internal sealed record EventShape(string Name, IReadOnlyDictionary<string, string> Fields)
{
    private const string CentimesSuffix = "_centimes";

    private static readonly Dictionary<string, Type> ByName = typeof(Event).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Event)) && !type.IsAbstract)
        .ToDictionary(type => Snake(type.Name), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static EventShape Of(Event e) => new(
        Snake(e.GetType().Name),
        FieldsOf(e.GetType())
            .Select(field => (field.Key, Value: Shown(field.Key, field.Value.GetValue(e))))
            .Where(field => field.Value is not null)
            .ToDictionary(field => field.Key, field => field.Value!, StringComparer.Ordinal));

    /// <summary>The fields an event of a name can be asked about.</summary>
    public static IReadOnlyCollection<string> FieldNames(string name) => FieldsOf(ByName[name]).Keys;

    /// <summary>An amount as it is written here, whatever zeros its writer left out.</summary>
    public static string Written(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? Dirhams(amount)
            : text;

    public static bool IsAmount(string name, string field) =>
        FieldsOf(ByName[name])[field].Name.EndsWith("Centimes", StringComparison.Ordinal);

    private static Dictionary<string, PropertyInfo> FieldsOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => IsPlain(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))
            .ToDictionary(property => Key(property.Name), StringComparer.Ordinal);

    private static string Key(string property) =>
        Snake(property) is var key && key.EndsWith(CentimesSuffix, StringComparison.Ordinal)
            ? key[..^CentimesSuffix.Length]
            : key;

    private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(DateOnly);

    private static string? Shown(string key, object? value) => value switch
    {
        null => null,
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        Enum name => Snake(name.ToString()),
        long centimes when key is not "claim" => Dirhams(centimes / 100m),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Dirhams(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
