using System.Text;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Access;
using Amoe.Host.Api.Commands;
using Amoe.Host.Api.Lists;
using Amoe.Host.Api.Persons;
using Amoe.Host.Api.Streams;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Amoe.Host.Api;

/// <summary>The calls of the API, and where each is answered.</summary>
internal sealed class ApiEndpoints(
    ICommandTarget scheme, BusinessDays days, StreamStore streams, ApiAccess access, HostPages pages,
    HostTelemetry telemetry,
    CancellationToken stopping)
{
    /// <summary>The path of the description in JSON, by its name.</summary>
    private const string Description = "/openapi/{documentName}.json";

    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = telemetry.Loggers.CreateLogger<ApiEndpoints>();
    private readonly bool _opensDays = access.Request.OpensDays;

    /// <summary>Knows who students are; null where no call names a person.</summary>
    public IdentityVault? Vault { get; init; }

    /// <summary>The answer to a command of a business day while opening balances are taken.</summary>
    public static Problem Opening { get; } = new(409, "opening", "opening balances are taken",
        "no business day is open before they are closed: this host takes POST /v1/streams/opening");

    /// <summary>The answer to opening balances where they are closed, or never began.</summary>
    public static Problem NotOpening { get; } = new(409, "opening", "no opening balances are taken",
        "they are taken once, before the first business day, by a host that is started with --opening");

    /// <summary>True where anyone reads what the host holds, and not callers of some roles alone.</summary>
    public bool IsStateOpen { get; init; }

    /// <summary>The rulebook that decides.</summary>
    public required Lazy<Rulebook> Rules { get; init; }

    public void AddServices(IServiceCollection services)
    {
        telemetry.AddTo(services);
        services.AddAccess(access.Keys, access.Request.Settings.Access, telemetry.Time);
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                ApiDescription.Describe(document);
                return Task.CompletedTask;
            });
        });
    }

    public void Map(WebApplication application)
    {
        application.Use(GuardAsync);
        application.MapOpenApi(Description).AllowAnonymous();
        application.MapScalarApiReference(options => options.WithTitle("amoe").WithOpenApiRoutePattern(Description))
            .AllowAnonymous();
        application.UseAccess();
        application.Use(WaitForTheDayAsync);
        if (access.Request.IsOpening)
            application.Use(RefuseCommandsAsync);
        var ownership = new Ownership(AskStudentAsync);
        var commands = new CommandEndpoint(scheme, days, ownership, Rules);
        application.MapPost("/v1/students/{student}/{command}", (RequestDelegate)commands.PostAsync).RequireCaller();
        application.MapPost("/v1/students/{student}/claims/{claim}/{command}", (RequestDelegate)commands.PostAsync)
            .RequireCaller();
        application.MapGet("/v1/students/{student}", (RequestDelegate)commands.GetStudentAsync)
            .RequireCall(Call.AskStudent);
        application.MapGet("/v1/students/{student}/entitlement", (RequestDelegate)commands.GetEntitlementAsync)
            .RequireCall(Call.AskEntitlement);
        application.MapGet("/v1/students/{student}/claims/{claim}", (RequestDelegate)commands.GetClaimAsync)
            .RequireCall(Call.AskClaim);
        var stream = new StreamEndpoint(
            scheme, days, ownership, streams, access.Request.IsClockOfStreams, telemetry, stopping)
        {
            IsOpening = access.Request.IsOpening,
            Lists = new ListIntake(days, Vault, telemetry.Time),
        };
        application.MapPost("/v1/streams/{kind}", (RequestDelegate)stream.PostAsync).RequireCall(Call.OpenStreams);
        application.MapGet("/v1/streams/{id}/answers", (RequestDelegate)stream.GetAnswersAsync)
            .RequireCall(Call.OpenStreams);
        if (Vault is { } vault)
        {
            new PersonEndpoints(vault, scheme, days, ownership, telemetry.Time).Map(application);
            new FollowEndpoint(vault, scheme, days, Rules, telemetry.Time).Map(application);
        }

        // The instruments are counts as those of the state are, and for the same callers.
        var state = application.MapGet(HostPages.State, (RequestDelegate)pages.ServeAsync);
        foreach (var page in (IEndpointConventionBuilder?[])[state, telemetry.Map(application)])
        {
            if (IsStateOpen)
                page?.AllowAnonymous();
            else
                page?.RequireCall(Call.ReadState);
        }
    }

    /// <summary>Answers what no endpoint takes: the host's pages, or that there is no such call.</summary>
    public Task ServeOtherAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        if (path is HostPages.Live or HostPages.Ready)
            return pages.ServeAsync(context);
        var call = Shortened.Of(Encoding.UTF8.GetBytes($"{method} {path}"));
        return new Problem(
            404, "unknown_call", "there is no such call",
            $"there is no {call}: /openapi/v1.json has every call, and /scalar shows them").WriteAsync(context);
    }

    /// <summary>
    /// A proxy that goes by the one length, before a host that goes by the other, passes on a request that is hidden in
    /// the body of another. Kestrel goes by the chunks, and renames the length.
    /// </summary>
    private static bool HasTwoLengths(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0
            && (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length"));

    /// <summary>A host of a cluster takes requests before it has joined, and no day is open for it then.</summary>
    private Task WaitForTheDayAsync(HttpContext context, RequestDelegate next) =>
        days.Today != default || !_opensDays || context.FindCaller() is null
            ? next(context)
            : new Problem(
                503, "overloaded", "no business day is open yet",
                "the host is starting: send the same again")
            { RetryAfter = _again }.WriteAsync(context);

    /// <summary>Questions are answered meanwhile, and persons are registered.</summary>
    private static Task RefuseCommandsAsync(HttpContext context, RequestDelegate next) =>
        context.FindCaller() is not null && HttpMethods.IsPost(context.Request.Method)
            && context.Request.Path.StartsWithSegments("/v1/students", StringComparison.Ordinal)
            ? Opening.WriteAsync(context)
            : next(context);

    private async Task<StudentAnswer?> AskStudentAsync(StudentId student, ulong claim)
    {
        var reply = await scheme.Ask(new AskStudent(student, claim, days.Today));
        return reply.Answer as StudentAnswer ?? throw new OwnerNotKnownException(reply.Outcome);
    }

    /// <summary>Whatever fails is a problem that says so, and a line for the operator where it is ours.</summary>
    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (HasTwoLengths(context.Request.Headers))
            {
                context.Response.Headers.Connection = "close";
                await new Problem(
                    400, "bad_request", "the request cannot be read",
                    "it has Content-Length and Transfer-Encoding: send one of them").WriteAsync(context);
                return;
            }

            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
                await new Problem(
                    405, "method_not_allowed", "the method is another",
                    "the header Allow has the methods of this address").WriteAsync(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await (e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Body.TooLong
                : new Problem(
                    e.StatusCode, "bad_request", "the request cannot be read", e.Message)).WriteAsync(context);
        }
        catch (OwnerNotKnownException) when (!context.Response.HasStarted)
        {
            await new Problem(
                503, "overloaded", "the scheme does not answer now",
                "whose the student or claim is cannot be known, and nothing was decided: send the same again")
            {
                RetryAfter = _again
            }.WriteAsync(context);
        }
        catch (VaultException e) when (e.InnerException is JournalUnavailableException && !context.Response.HasStarted)
        {
            _log.VaultAway(e.Message);
            await new Problem(
                503, "unknown", "the vault does not answer now",
                "whether it made the change is not known: send the same again")
            {
                RetryAfter = _again
            }.WriteAsync(context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException
            && context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone.
        }
        catch (Exception e)
        {
            var call = $"{context.Request.Method} {context.GetEndpoint()?.DisplayName ?? "(no endpoint)"}";
            _log.CallFailed(call, e.GetType().Name, e.Message);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await new Problem(500, "failed", "a fault of the program", "it is in the host's log: please report it")
                    .WriteAsync(context);
        }
    }
}
