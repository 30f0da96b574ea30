using System.Net;
using System.Threading.RateLimiting;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Rules;
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
/// A student follows the own file (D9, K7) with CIN, Massar number and date of birth, and without a key. A stranger who
/// has not all three learns nothing: the answer is the same whether one is wrong or all are, and comes after the same
/// time.
/// </summary>
internal sealed class FollowEndpoint(
    IdentityVault vault, ICommandTarget scheme, BusinessDays days, Lazy<Rulebook> rules, TimeProvider time)
{
    /// <summary>Questions of one address at once.</summary>
    public const int AtOnceMax = 10;

    /// <summary>What every answer takes: longer than a look into the vault and the scheme does.</summary>
    private static readonly TimeSpan _takes = TimeSpan.FromMilliseconds(150);

    /// <summary>After it one more question of an address is answered.</summary>
    private static readonly TimeSpan _oneMore = TimeSpan.FromSeconds(6);

    private static readonly Reader _reader = Reader.Of("student", "a student follows the own file (D9, K7)");
    private static readonly string[] _fields = [PersonJson.Cin, PersonJson.Massar, PersonJson.BirthDate, "claim"];

    private readonly PartitionedRateLimiter<IPAddress> _limits =
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = AtOnceMax,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = _oneMore,
            }));

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/file", (RequestDelegate)FollowAsync).AllowAnonymous();

    private async Task FollowAsync(HttpContext context)
    {
        using var lease = _limits.AttemptAcquire(Challenges.NetworkOf(context.Connection.RemoteIpAddress));
        if (!lease.IsAcquired)
        {
            await Problems.WriteTooManyAsync(context, "Too many questions from this address", _oneMore);
            return;
        }

        var began = time.GetTimestamp();
        if (await AskedAsync(context) is not { } asked)
            return;
        var student = await StudentOfAsync(asked);
        var (file, claim) = await AskAsync(student ?? PersonEndpoints.NoStudent, asked.Claim);
        if (_takes - time.GetElapsedTime(began) is { Ticks: > 0 } rest)
            await Task.Delay(rest, time, context.RequestAborted);
        if (student is null || file is null)
            await new Problem(
                404, "unknown_file", "no file is found so",
                "CIN, Massar number and date of birth have to be those that the institution registered")
                    .WriteAsync(context);
        else
            await AnswerAsync(context, student.Value, file, claim);
    }

    private static async Task<Asked?> AskedAsync(HttpContext context)
    {
        if (await Body.ReadAsync(context) is not { } body)
            return null;
        var errors = PersonJson.Read(body, _fields, out var fields).ToList();
        if (errors.Count == 0)
        {
            var (cin, massar, born) = (fields.GetValueOrDefault(PersonJson.Cin),
                fields.GetValueOrDefault(PersonJson.Massar), PersonJson.DateOf(fields, PersonJson.BirthDate, errors));
            var claim = 0UL;
            if (fields.TryGetValue("claim", out var text)
                && (!ulong.TryParse(text, out claim) || claim >= CommandId.ReferenceLimit))
                errors.Add(new FieldError("claim", "it is no number of a claim's sheet, as a string"));
            if (cin is null || massar is null || (born is null && errors.Count == 0))
                errors.Add(new FieldError("", "a file is found by cin, massar and birth_date together"));
            if (errors.Count == 0)
                return new Asked(PersonNumber.Cin(cin!), PersonNumber.Massar(massar!), born!.Value, claim);
        }

        await PersonEndpoints.Malformed(errors).WriteAsync(context);
        return null;
    }

    /// <summary>The student whose all three are; null for everyone else.</summary>
    private async Task<StudentId?> StudentOfAsync(Asked asked)
    {
        var byCin = asked.Cin is { } cin ? await vault.FindAsync(cin, _reader) : null;
        var byMassar = asked.Massar is { } massar ? await vault.LookupAsync(massar) : null;
        var person = await vault.ReadAsync(byCin ?? PersonEndpoints.NoStudent, _reader);
        return byCin is not null && byCin == byMassar && person?.BirthDate == asked.Born ? byCin : null;
    }

    private async Task<(StudentAnswer? File, ClaimAnswer? Claim)> AskAsync(StudentId student, ulong claim)
    {
        var file = scheme.Ask(new AskStudent(student, 0, days.Today));
        var asked = scheme.Ask(new AskClaim(student, claim, days.Today));
        return ((await file).Answer as StudentAnswer, claim == 0 ? null : (await asked).Answer as ClaimAnswer);
    }

    private Task AnswerAsync(HttpContext context, StudentId student, StudentAnswer file, ClaimAnswer? claim)
    {
        var wording = new Wording(Accepted.LanguageOf(context));
        return JsonAnswer.WriteAsync(context, 200, json =>
        {
            json.WriteNumber("student"u8, student.Value);
            ReplyJson.WriteFields(json, file);
            if (file.Application != ApplicationState.None)
                json.WriteString("status"u8, wording.Of(Name.Of("application_state", file.Application)));
            if (file.Reason != Reason.None)
                json.WriteString("why_not"u8, wording.Of(Name.Of("reason", file.Reason)));
            if (NextOf(file) is { } next)
                json.WriteString("next"u8, next);
            if (claim is null)
                return;
            json.WriteStartObject("claim"u8);
            ReplyJson.WriteFields(json, claim, rules.Value);
            json.WriteEndObject();
        });
    }

    /// <summary>
    /// The step that the file waits for, by the command that makes it (D3, C3); null where it waits for none.
    /// </summary>
    private static string? NextOf(StudentAnswer file) => file switch
    {
        { Application: ApplicationState.Declared } => CommandJson.NameOf(CommandKind.ForwardApplication),
        { Application: ApplicationState.Forwarded } => CommandJson.NameOf(CommandKind.TransmitApplication),
        { Application: ApplicationState.WithAnam } => CommandJson.NameOf(CommandKind.AnswerFromAnam),
        _ when file.ReceivedCentimes < file.OwedCentimes => CommandJson.NameOf(CommandKind.ReceiveContribution),
        _ => null,
    };

    /// <summary>What a student says to be known by.</summary>
    /// <param name="Cin">Null where it has not the form of one.</param>
    /// <param name="Massar">Null where it has not the form of one.</param>
    /// <param name="Claim">0 where no claim is asked for.</param>
    private sealed record Asked(PersonNumber? Cin, PersonNumber? Massar, DateOnly Born, ulong Claim);
}
