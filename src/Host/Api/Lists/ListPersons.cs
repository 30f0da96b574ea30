using Amoe.Engine.Domain;
using Amoe.Host.Access;
using Amoe.Host.Api.Commands;
using Amoe.Host.Api.Persons;
using Amoe.Host.Identity;

namespace Amoe.Host.Api.Lists;

/// <summary>
/// Finds the students of a list's rows in the vault, and registers those of a declaration. No fault repeats a value.
/// </summary>
/// <param name="today">A person is not born after it.</param>
internal sealed class ListPersons(IdentityVault vault, Caller caller, CommandKind kind, DateOnly today)
{
    private readonly Reader _reader = Reader.Of(caller.KeyId, "a row of a list names the student");

    /// <summary>The call that naming a person in a list of this command is.</summary>
    public static Call CallOf(CommandKind kind) => kind == CommandKind.Declare ? Call.RegisterPerson : Call.FindPerson;

    /// <summary>The student of a row, or why there is none.</summary>
    /// <param name="fields">The row's fields of a person, by their names in JSON.</param>
    /// <param name="born">The date of birth that the row declares; null where its command has none.</param>
    /// <exception cref="VaultException">The vault cannot be used; nothing was registered.</exception>
    public Task<(StudentId Student, JsonFault? Fault)> NameAsync(Dictionary<string, string> fields, DateOnly? born) =>
        kind == CommandKind.Declare ? RegisterAsync(fields, born) : FindAsync(fields);

    private async Task<(StudentId Student, JsonFault? Fault)> RegisterAsync(Dictionary<string, string> fields,
        DateOnly? born)
    {
        var errors = Person.Check(PersonJson.Of(fields, []) with { BirthDate = born }, today, out var person);
        if (person is null)
            return (default, Wrong(errors));
        var registered = await vault.RegisterAsync(person);
        if (registered is { Outcome: not RegistrationOutcome.Conflict, Student: { } student })
            return (student, null);
        return (default, new JsonFault("", "person_conflict", PersonEndpoints.WhyConflict(registered.Conflict)));
    }

    private async Task<(StudentId Student, JsonFault? Fault)> FindAsync(Dictionary<string, string> fields)
    {
        StudentId? found = null;
        foreach (var (kindOf, name) in new[] { (NumberKind.Cin, PersonJson.Cin),
            (NumberKind.Massar, PersonJson.Massar) })
        {
            if (fields.GetValueOrDefault(name) is not { } text)
                continue;
            var errors = PersonNumber.Read(kindOf, text, out var number);
            if (number is not { } read)
                return (default, Wrong(errors));
            if (await vault.FindAsync(read, _reader) is not { } student || (found is { } other && other != student))
                return (default,
                    new JsonFault($"/{name}", "unknown_person",
                    $"/{name}: the vault has no person with this number, or the row's two are not one person's"));
            found = student;
        }

        return found is { } one ? (one, null)
            : (default,
            new JsonFault($"/{PersonJson.Cin}", FaultCode.Missing,
            $"/{PersonJson.Cin}: the row has neither a CIN nor a Massar number"));
    }

    private static JsonFault Wrong(IReadOnlyList<FieldError> errors) =>
        new($"/{errors[0].Field}", "person",
            string.Join("; ", errors.Select(error => $"/{error.Field}: {error.Problem}")));
}
