using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Cases;

/// <summary>
/// An event as a case names it: its name and plain fields in snake_case, dates as yyyy-MM-dd, amounts in dirhams.
/// </summary>
/// <param name="Fields">Nothing and lists are left out.</param>
internal sealed record EventShape(string Name, IReadOnlyDictionary<string, string> Fields)
{
    private const string CentimesSuffix = "Centimes";

    /// <summary>Events of students and claims alone: of ledgers a case expects amounts.</summary>
    private static readonly Dictionary<string, Type> ByName = typeof(Event).Assembly.GetTypes()
        .Where(type => !type.IsAbstract)
        .Where(type => type.IsSubclassOf(typeof(StudentEvent)) || type.IsSubclassOf(typeof(ClaimEvent)))
        .ToDictionary(type => Snake(type.Name), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static EventShape Of(Event e) => new(
        NameOf(e),
        FieldsOf(e.GetType())
            .Select(field => (field.Key, Value: Shown(field.Value, field.Value.GetValue(e))))
            .Where(field => field.Value is not null)
            .ToDictionary(field => field.Key, field => field.Value!, StringComparer.Ordinal));

    public static string NameOf(Event e) => Snake(e.GetType().Name);

    /// <summary>The fields an event of a name can be asked about.</summary>
    public static IReadOnlyCollection<string> FieldNames(string name) => FieldsOf(ByName[name]).Keys;

    /// <summary>The type of a field's values; of an enum, a case writes the names in snake_case.</summary>
    public static Type TypeOf(string name, string field) => TypeOf(FieldsOf(ByName[name])[field]);

    /// <summary>The value that a case gives a field, as the event would show it.</summary>
    /// <param name="fields">The fields of an event that the case gives.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="field">One of its fields, given.</param>
    /// <exception cref="CaseException">It is no value that the field can have.</exception>
    public static string Read(CaseFields fields, string name, string field)
    {
        var property = FieldsOf(ByName[name])[field];
        var type = TypeOf(property);
        object value = type switch
        {
            _ when IsAmount(property) => fields.Centimes(field),
            { IsEnum: true } => EnumOf(fields, field, type),
            _ when type == typeof(DateOnly) => fields.Date(field),
            _ when type == typeof(bool) => fields.Truth(field, otherwise: false),
            _ => fields.Whole(field, long.MinValue, long.MaxValue),
        };
        return Shown(property, value)!;
    }

    /// <summary>One name, or of flags a list of them.</summary>
    private static object EnumOf(CaseFields fields, string field, Type type)
    {
        var numbers = fields.OneOrMore(field, (file, node, what) => NumberOf(file, node, what, type));
        return numbers.Count == 1 || type.IsDefined(typeof(FlagsAttribute), inherit: false)
            ? Enum.ToObject(type, numbers.Aggregate(0L, (all, one) => all | one))
            : throw fields.Error(field, "is one name, not a list");
    }

    private static long NumberOf(YamlFile file, YamlNode node, string what, Type type)
    {
        var names = Enum.GetNames(type);
        var name = CaseFields.NameOf(file, node, what, Array.ConvertAll(names, SnakeCase.Of));
        return Convert.ToInt64(
            Enum.Parse(type, Array.Find(names, one => SnakeCase.Of(one) == name)!), CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, PropertyInfo> FieldsOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => TypeOf(property) is var of && (of.IsPrimitive || of.IsEnum || of == typeof(DateOnly)))
            .ToDictionary(Key, StringComparer.Ordinal);

    private static string Key(PropertyInfo property) =>
        Snake(IsAmount(property) ? property.Name[..^CentimesSuffix.Length] : property.Name);

    private static bool IsAmount(PropertyInfo property) =>
        property.Name.EndsWith(CentimesSuffix, StringComparison.Ordinal);

    private static Type TypeOf(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private static string? Shown(PropertyInfo property, object? value) => value switch
    {
        null => null,
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        Enum names => string.Join(", ", names.ToString().Split(", ").Select(SnakeCase.Of)),
        _ when IsAmount(property) =>
            (Convert.ToInt64(value, CultureInfo.InvariantCulture) / 100m).ToString("0.00", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
