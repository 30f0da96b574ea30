using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Host.Access;
using Amoe.Host.Api.Commands;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Amoe.Host.Api.Persons;

/// <summary>
/// The calls that name a person: the vault gives the student's number for it, and notes who asked and why before it
/// answers. Numbers of persons are in bodies alone, because paths are logged.
/// </summary>
internal sealed class PersonEndpoints(
    IdentityVault vault, ICommandTarget scheme, BusinessDays days, Ownership ownership, TimeProvider time)
{
    /// <summary>The header that says why a person is read, found, corrected or erased.</summary>
    public const string PurposeHeader = "Amoe-Purpose";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/persons", (RequestDelegate)RegisterAsync).RequireCall(Call.RegisterPerson);
        endpoints.MapPost("/v1/persons/find", (RequestDelegate)FindAsync).RequireCall(Call.FindPerson);
        endpoints.MapGet("/v1/students/{student}/person", (RequestDelegate)ReadAsync).RequireCall(Call.ReadPerson);
        endpoints.MapPut("/v1/students/{student}/person", (RequestDelegate)CorrectAsync)
            .RequireCall(Call.CorrectPerson);
        endpoints.MapDelete("/v1/students/{student}/person", (RequestDelegate)EraseAsync).RequireCall(Call.ErasePerson);
        endpoints.MapPost("/v1/entitlement", (RequestDelegate)AskEntitlementAsync).RequireCall(Call.AskEntitlement);
    }

    private async Task RegisterAsync(HttpContext context)
    {
        if (await PersonOfAsync(context) is not { } person)
            return;
        var registered = await vault.RegisterAsync(person);
        if (registered is { Outcome: not RegistrationOutcome.Conflict, Student: { } student })
            await JsonAnswer.WriteAsync(
                context, registered.Outcome == RegistrationOutcome.New ? 201 : 200,
                json => json.WriteNumber("student"u8, student.Value));
        else
            await Conflict(registered.Conflict).WriteAsync(context);
    }

    private async Task FindAsync(HttpContext context)
    {
        if (await ReaderOfAsync(context) is not { } reader || await NumberOfAsync(context, []) is not { } asked)
            return;
        if (await vault.FindAsync(asked.Number, reader) is { } student)
            await JsonAnswer.WriteAsync(context, 200, json => json.WriteNumber("student"u8, student.Value));
        else
            await Unknown().WriteAsync(context);
    }

    private async Task ReadAsync(HttpContext context)
    {
        if (await ReaderOfAsync(context) is not { } reader
            || await OwnStudentAsync(context, Call.ReadPerson) is not { } student)
            return;
        if (await vault.ReadAsync(student, reader) is not { } person)
            await Unknown().WriteAsync(context);
        else
            await JsonAnswer.WriteAsync(context, 200, json => PersonJson.WriteFields(json, person));
    }

    private async Task CorrectAsync(HttpContext context)
    {
        if (await ReaderOfAsync(context) is not { } reader
            || await OwnStudentAsync(context, Call.CorrectPerson) is not { } student
            || await PersonOfAsync(context) is not { } person)
            return;
        switch (await vault.CorrectAsync(student, person, reader))
        {
            case CorrectionOutcome.Corrected or CorrectionOutcome.Unchanged:
                await JsonAnswer.WriteAsync(context, 200, json => json.WriteNumber("student"u8, student.Value));
                break;
            case CorrectionOutcome.Unknown:
                await Unknown().WriteAsync(context);
                break;
            case CorrectionOutcome.TooManyNumbers:
                await new Problem(
                    409, "conflict", "the person has too many numbers",
                    "the person would have more numbers, former ones included, than a person can have")
                        .WriteAsync(context);
                break;
            default:
                await Conflict(NumberConflict.None).WriteAsync(context);
                break;
        }
    }

    private async Task EraseAsync(HttpContext context)
    {
        if (await ReaderOfAsync(context) is not { } reader
            || await OwnStudentAsync(context, Call.ErasePerson) is not { } student)
            return;
        if (await vault.EraseAsync(student, reader) == ErasureOutcome.Unknown)
            await Unknown().WriteAsync(context);
        else
            await JsonAnswer.WriteAsync(context, 200, json => json.WriteBoolean("erased"u8, true));
    }

    /// <summary>
    /// A provider's question: is the student with this number entitled on a day (D5)? A person that the vault does not
    /// know has the answer of one who never declared: it does not say who is known.
    /// </summary>
    private async Task AskEntitlementAsync(HttpContext context)
    {
        if (await NumberOfAsync(context, ["on"]) is not { } asked)
            return;
        var errors = new List<FieldError>();
        var on = PersonJson.DateOf(asked.Fields, "on", errors) ?? days.Today;
        if (errors.Count > 0)
        {
            await Malformed(errors).WriteAsync(context);
            return;
        }

        var caller = context.FindCaller()!;
        var student = await vault.FindAsync(asked.Number, Reader.Of(caller.KeyId, "entitlement asked for (D5)"))
            ?? NoStudent;
        var question = new AskEntitlement(student, on, days.Today);
        if (await ownership.RefuseAsync(caller, question) is { } refusal)
        {
            await Problems.WriteForbiddenAsync(context, refusal);
            return;
        }

        var reply = await scheme.Ask(question);
        if (reply.Answer is EntitlementAnswer answer)
            await JsonAnswer.WriteAsync(context, 200, json => ReplyJson.WriteFields(json, answer));
        else
            await new Problem(
                503, "overloaded", "there is no answer now", "ask again")
            { RetryAfter = TimeSpan.FromSeconds(1) }
                    .WriteAsync(context);
    }

    /// <summary>No person has this number: the vault's are below 2⁵³.</summary>
    public static StudentId NoStudent => new(ulong.MaxValue);

    private async Task<Person?> PersonOfAsync(HttpContext context)
    {
        if (await Body.ReadAsync(context) is not { } body)
            return null;
        var errors = PersonJson.Read(body, PersonJson.Fields, out var fields).ToList();
        Person? person = null;
        if (errors.Count == 0)
        {
            var written = PersonJson.Of(fields, errors);
            var checkedFields = Person.Check(written, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), out person);

            // A date that is none is not missing too.
            errors.AddRange(checkedFields.Where(error => !errors.Any(other => other.Field == error.Field)));
        }

        if (errors.Count == 0)
            return person;
        await Malformed(errors).WriteAsync(context);
        return null;
    }

    /// <summary>The one number by which a person is named, and the other fields.</summary>
    private static async Task<(PersonNumber Number, Dictionary<string, string> Fields)?> NumberOfAsync(
        HttpContext context, string[] others)
    {
        if (await Body.ReadAsync(context) is not { } body)
            return null;
        var errors = PersonJson.Read(body, [PersonJson.Cin, PersonJson.Massar, .. others], out var fields);
        PersonNumber? number = null;
        if (errors.Count == 0)
        {
            errors = (fields.GetValueOrDefault(PersonJson.Cin), fields.GetValueOrDefault(PersonJson.Massar)) switch
            {
                ({ } cin, null) => PersonNumber.Read(NumberKind.Cin, cin, out number),
                (null, { } massar) => PersonNumber.Read(NumberKind.Massar, massar, out number),
                _ => [new FieldError("", "name the person by cin or by massar: one of them")],
            };
            if (number is { } named)
                return (named, fields);
        }

        await Malformed(errors).WriteAsync(context);
        return null;
    }

    private static async Task<Reader?> ReaderOfAsync(HttpContext context)
    {
        var purpose = context.Request.Headers[PurposeHeader].ToString();
        if (Reader.Check(context.FindCaller()!.KeyId, purpose, out var reader) is not { } problem)
            return reader;
        await new Problem(400, "purpose", "the purpose is not said", $"{problem}. It is in the header {PurposeHeader}.")
            .WriteAsync(context);
        return null;
    }

    /// <summary>The student of the path, where the caller may make this call about this one.</summary>
    private async Task<StudentId?> OwnStudentAsync(HttpContext context, Call call)
    {
        if (!CommandEndpoint.TryNumber(context, "student", out var number))
        {
            await CommandEndpoint.Number("student").WriteAsync(context);
            return null;
        }

        if (await ownership.RefuseAsync(context.FindCaller()!, call, new StudentId(number)) is not { } refusal)
            return new StudentId(number);
        await Problems.WriteForbiddenAsync(context, refusal);
        return null;
    }

    /// <summary>Why a person cannot be registered or corrected so. It does not say whose a number is.</summary>
    public static string WhyConflict(NumberConflict conflict) => conflict switch
    {
        NumberConflict.OtherData => "the person is known with other data: correct it, or check the numbers",
        NumberConflict.TwoPersons => "the CIN is one person's, and the Massar number another's: check both",
        _ => "one of the numbers is, or was, another person's: check them",
    };

    private static Problem Conflict(NumberConflict conflict) =>
        new(409, "conflict", "the numbers are another's", WhyConflict(conflict));

    private static Problem Unknown() =>
        new(404, "unknown_person", "there is no such person", "the vault has no person by this number, or no longer");

    /// <summary>The problem of fields that are wrong, each by its path.</summary>
    public static Problem Malformed(IReadOnlyList<FieldError> errors) =>
        new(400, "malformed", "the person cannot be read", "errors has what is wrong, each with the path of its field", json =>
        {
            json.WriteStartArray("errors"u8);
            foreach (var error in errors)
            {
                json.WriteStartObject();
                if (error.Field.Length > 0)
                    json.WriteString("path"u8, $"/{error.Field}");
                json.WriteString("text"u8, error.Problem);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
}
