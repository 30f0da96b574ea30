using System.Globalization;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;
using Amoe.Host.Access;
using Amoe.Host.Api.Commands;
using Amoe.Host.Http;
using Amoe.Host.Live;
using Amoe.Host.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Amoe.Host.Api;

/// <summary>
/// Takes one command, <c>POST /v1/students/{student}/{command}</c> or
/// <c>POST /v1/students/{student}/claims/{claim}/{command}</c>, and answers once what it rests on is durable.
/// </summary>
/// <param name="rules">The rulebook that decides. It is another only for hosts that start later.</param>
internal sealed class CommandEndpoint(
    ICommandTarget scheme, BusinessDays days, Ownership ownership, Lazy<Rulebook> rules)
{
    /// <summary>The header that may say the command's id beside its body.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>
    /// How often a command is posted that came at midnight, between the look at the day and the post.
    /// </summary>
    private const int PostsMax = 3;

    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    /// <summary>How long a caller waits at midnight until the next day is open on every partition.</summary>
    private static readonly TimeSpan _openingMax = TimeSpan.FromSeconds(10);

    /// <summary>Takes a command.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (!TryRoute(context, out var about, out var problem))
        {
            await problem.WriteAsync(context);
            return;
        }

        if (await Body.ReadAsync(context) is not { } body)
            return;
        if (!CommandJson.TryRead(body.Span, about, out var command, out var fault))
            await Malformed(fault).WriteAsync(context);
        else if (KeyFault(context, command) is { } other)
            await other.WriteAsync(context);
        else
            await AnswerAsync(context, command);
    }

    /// <summary>
    /// Is the student entitled on a day? <c>GET /v1/students/{student}/entitlement?on=2026-02-03</c>.
    /// </summary>
    public async Task GetEntitlementAsync(HttpContext context)
    {
        var (text, on) = (context.Request.Query["on"].ToString(), days.Today);
        if (!TryNumber(context, "student", out var student))
            await Number("student").WriteAsync(context);
        else if (text.Length > 0
            && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out on))
            await new Problem(400, "bad_request", "a date is wrong", "on is a date that exists, as yyyy-MM-dd")
                .WriteAsync(context);
        else
            await AnswerAsync(context, new AskEntitlement(new StudentId(student), on, days.Today));
    }

    /// <summary>How a claim is: <c>GET /v1/students/{student}/claims/{claim}</c>.</summary>
    public async Task GetClaimAsync(HttpContext context)
    {
        if (!TryNumber(context, "student", out var student))
            await Number("student").WriteAsync(context);
        else if (!TryNumber(context, "claim", out var claim))
            await Number("claim").WriteAsync(context);
        else
            await AnswerAsync(context, new AskClaim(new StudentId(student), claim, days.Today));
    }

    /// <summary>How far the student's file has come: <c>GET /v1/students/{student}</c>.</summary>
    public async Task GetStudentAsync(HttpContext context)
    {
        if (!TryNumber(context, "student", out var student))
            await Number("student").WriteAsync(context);
        else
            await AnswerAsync(context, new AskStudent(new StudentId(student), 0, days.Today));
    }

    private async Task AnswerAsync(HttpContext context, Command command)
    {
        if (await ownership.RefuseAsync(context.FindCaller()!, command) is { } refusal)
        {
            await Problems.WriteForbiddenAsync(context, refusal);
            return;
        }

        var reply = await DecideAsync(context, command);
        if (ProblemOf(context, command, reply) is { } problem)
            await problem.WriteAsync(context);
        else
            await JsonAnswer.WriteAsync(context, 200, json =>
                ReplyJson.WriteFields(json, command.Student, reply, rules.Value));
    }

    private async Task<Reply> DecideAsync(HttpContext context, Command command)
    {
        using var span = Spans.Decide(command);
        var reply = await scheme.Ask(command);
        for (var posts = 1; reply.Outcome == Outcome.Stale
            && posts < PostsMax
            && await IsOverAsync(command.Known, context.RequestAborted); posts++)
        {
            command = days.OfToday(command);
            reply = await scheme.Ask(command);
        }

        span?.End(reply);
        return reply;
    }

    private async Task<bool> IsOverAsync(DateOnly day, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_openingMax);
        return await days.IsOverAsync(day, patience.Token);
    }

    /// <summary>What the outcome is, where it is no answer; null where it is one.</summary>
    private static Problem? ProblemOf(HttpContext context, Command command, Reply reply) => reply.Outcome switch
    {
        Outcome.Refused => Refused(context, command, reply),
        Outcome.Conflict =>
            new Problem(
                422, "conflict", "the reference was used before",
                $"{KeyOf(command)} of this student had other content. The same command again must be the same; another one needs a reference of its own."),
        Outcome.Overloaded =>
            new Problem(
                503, "overloaded", "too many commands wait",
                "nothing was decided: send the same again")
            { RetryAfter = _again },
        Outcome.Unknown =>
            new Problem(
                503, "unknown", "it is not known whether it was decided",
                "send the same again: if it was decided, the answer is the first one")
            { RetryAfter = _again },
        Outcome.Stale =>
            new Problem(
                409, "stale", "the day is over", "the command became known on a day that is closed: send it again"),
        Outcome.Quarantined =>
            new Problem(
                503, "quarantined", "the student is out of service",
                "the student's history cannot be followed, and an operator has to look at it: amoe quarantine explain"),
        Outcome.Failed =>
            new Problem(
                500, "failed", "the student's actor failed",
                "nothing was decided. This is a fault of the program: please report it with the command."),
        _ => null,
    };

    private static Problem Refused(HttpContext context, Command command, Reply reply)
    {
        var wording = new Wording(Accepted.LanguageOf(context));
        return new Problem(
            422, "refused", wording.Of(Name.Of("reason", reply.Reason)),
            $"{KeyOf(command)}: {wording.Of(Name.Of("reason", reply.Reason))}",
            json => ReplyJson.WriteFields(json, command.Student, reply));
    }

    private bool TryRoute(HttpContext context, out CommandContext about, out Problem problem)
    {
        (about, problem) = (default, Number("student"));
        if (!TryNumber(context, "student", out var student))
            return false;
        problem = Number("claim");
        ulong? claim = null;
        if (context.GetRouteValue("claim") is not null)
        {
            if (!TryNumber(context, "claim", out var number) || number >= CommandId.ReferenceLimit)
                return false;
            claim = number;
        }

        var name = context.GetRouteValue("command") as string ?? "";
        if (!SnakeCase<CommandKind>.TryParse(name, out var kind)
            || !kind.IsCommand()
            || (kind >= CommandKind.DepositClaim) != claim.HasValue)
        {
            problem = new Problem(
                404, "unknown_command", "there is no such command",
                $"there is no command '{name[..Math.Min(name.Length, 40)]}' to a {(claim is null ? "student" : "claim")}: /openapi/v1.json has them all");
            return false;
        }

        about = new CommandContext(kind, new StudentId(student), claim, days.Today, TakesKnown: false);
        return true;
    }

    private static Problem Malformed(JsonFault fault) =>
        new(400, "malformed", "the command cannot be read", fault.Text, json =>
        {
            json.WriteString("code"u8, fault.Code);
            json.WriteString("path"u8, fault.Path);
        });

    /// <summary>
    /// A command's id is its business reference, in the body: the header may say it too, and must then say the same.
    /// </summary>
    private static Problem? KeyFault(HttpContext context, Command command)
    {
        var key = context.Request.Headers[KeyHeader].ToString();
        return key.Length == 0 || key == KeyOf(command) ? null : new Problem(
            400, "idempotency_key", "the key is not the command's id",
            $"the body's command is {KeyOf(command)}: leave {KeyHeader} out, or send it as that");
    }

    /// <summary>
    /// A command's id in print: <c>declare-2025</c>, or <c>complete_claim-1026-2</c> for a further attempt.
    /// </summary>
    private static string KeyOf(Command command) =>
        $"{SnakeCase<CommandKind>.NameOf(command.Kind)}-{command.Reference}{(command.Attempt == 0 ? "" : $"-{command.Attempt}")}";

    /// <summary>A number of the path.</summary>
    public static bool TryNumber(HttpContext context, string name, out ulong number) =>
        ulong.TryParse(
            context.GetRouteValue(name) as string, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>The problem of a path that has no such number.</summary>
    public static Problem Number(string what) =>
        new(
            400, "bad_request", $"the {what}'s number is wrong",
            $"the path has a {what}'s number: a whole number{(what == "claim" ? " of at most 48 bits, the sheet's" : "")}");
}
