using System.Globalization;
using System.Text.Json;
using Amoe.Host.Identity;

namespace Amoe.Host.Api.Persons;

/// <summary>Persons as JSON. No message repeats a value: it is personal data.</summary>
internal static class PersonJson
{
    public const string Cin = "cin";
    public const string Massar = "massar";
    public const string BirthDate = "birth_date";

    private const string Dates = "yyyy-MM-dd";

    /// <summary>The fields of a person.</summary>
    public static IReadOnlyList<string> Fields { get; } = [
        Cin, Massar, "first_name", "last_name", "first_name_ar", "last_name_ar", BirthDate, "email", "rib"
    ];

    /// <summary>Reads an object of strings.</summary>
    /// <param name="known">The names that it may have.</param>
    /// <param name="fields">The texts by their names; absent and null ones are left out.</param>
    /// <returns>What is wrong; empty where nothing is.</returns>
    public static IReadOnlyList<FieldError> Read(
        ReadOnlyMemory<byte> json, IReadOnlyList<string> known, out Dictionary<string, string> fields)
    {
        fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { MaxDepth = 2, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return [new FieldError("", "it is not one JSON object")];
            var errors = new List<FieldError>();
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (!known.Contains(field.Name))
                    errors.Add(
                        new FieldError(
                            "", $"it has a field that is not known; the fields are {string.Join(", ", known)}"));
                else if (field.Value.ValueKind == JsonValueKind.String)
                    fields.Add(field.Name, field.Value.GetString()!);
                else if (field.Value.ValueKind != JsonValueKind.Null)
                    errors.Add(new FieldError(field.Name, "it is no string"));
            }

            return errors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's own message quotes what it read.
            return [new FieldError("", "it is not one JSON object, or a field is there twice")];
        }
    }

    /// <summary>A person as read, nothing checked but the form of the date.</summary>
    public static PersonFields Of(Dictionary<string, string> fields, List<FieldError> errors) => new()
    {
        Cin = fields.GetValueOrDefault(Cin),
        Massar = fields.GetValueOrDefault(Massar),
        FirstName = fields.GetValueOrDefault("first_name"),
        LastName = fields.GetValueOrDefault("last_name"),
        FirstNameArabic = fields.GetValueOrDefault("first_name_ar"),
        LastNameArabic = fields.GetValueOrDefault("last_name_ar"),
        BirthDate = DateOf(fields, BirthDate, errors),
        Email = fields.GetValueOrDefault("email"),
        Rib = fields.GetValueOrDefault("rib"),
    };

    /// <summary>A date; null where there is none, or no date, which is an error then.</summary>
    public static DateOnly? DateOf(Dictionary<string, string> fields, string name, List<FieldError> errors)
    {
        if (!fields.TryGetValue(name, out var text))
            return null;
        if (DateOnly.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        errors.Add(new FieldError(name, $"it is no date that exists, as {Dates}"));
        return null;
    }

    /// <summary>The fields of a person, inside an object that is begun.</summary>
    public static void WriteFields(Utf8JsonWriter json, Person person)
    {
        var texts = new[]
        {
            person.Cin, person.Massar, person.FirstName, person.LastName, person.FirstNameArabic, person.LastNameArabic,
            person.BirthDate.ToString(Dates, CultureInfo.InvariantCulture), person.Email, person.Rib,
        };
        foreach (var (name, text) in Fields.Zip(texts))
        {
            if (text is not null)
                json.WriteString(name, text);
        }
    }
}
