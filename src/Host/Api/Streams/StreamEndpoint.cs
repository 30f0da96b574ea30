using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using Amoe.Engine.Actors;
using Amoe.Engine.Text;
using Amoe.Host.Access;
using Amoe.Host.Api.Lists;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Api.Streams;

/// <summary>
/// Takes streams of commands, <c>POST /v1/streams/{kind}</c>, and gives their answers again,
/// <c>GET /v1/streams/{id}/answers</c>.
/// </summary>
internal sealed class StreamEndpoint(
    ICommandTarget scheme, BusinessDays days, Ownership ownership, StreamStore streams, bool takesKnown,
    HostTelemetry telemetry,
    CancellationToken stopping)
{
    /// <summary>The header of an answer that has the stream's id.</summary>
    public const string IdHeader = "Amoe-Stream";

    private int _openings;

    /// <summary>True where the host takes opening balances and nothing else.</summary>
    public bool IsOpening { get; init; }

    /// <summary>Takes lists in CSV.</summary>
    public required ListIntake Lists { get; init; }

    private const string LinesType = "application/x-ndjson";

    /// <summary>A sender that says nothing for longer is cut: it may be gone.</summary>
    private static readonly TimeSpan _silenceMax = TimeSpan.FromMinutes(5);

    /// <summary>Where several streams are taken at once, this one may have to wait for its place.</summary>
    private static readonly TimeSpan _fullFor = TimeSpan.FromSeconds(10);

    private readonly ILogger _log = telemetry.Loggers.CreateLogger<StreamEndpoint>();

    // Without it a packed body that breaks off ends like one that is whole.
    static StreamEndpoint() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public async Task PostAsync(HttpContext context)
    {
        if (!SnakeCase<StreamKind>.TryParse(context.GetRouteValue("kind") as string ?? "", out var kind))
        {
            await new Problem(
                404, "unknown_stream", "there is no such stream",
                $"streams are {string.Join(", ", SnakeCase<StreamKind>.Names)}").WriteAsync(context);
            return;
        }

        if (RefusalOf(context, kind) is { } refused)
        {
            await refused;
            return;
        }

        if (Decoded(context.Request) is not { } body)
        {
            await new Problem(
                415, "encoding", "the encoding is not known",
                "send the lines as they are, or with Content-Encoding: gzip").WriteAsync(context);
            return;
        }

        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        var rules = new StreamRules(kind, takesKnown, context.FindCaller()!, ownership);
        var list = ListIntake.IsList(context.Request) ? await Lists.OpenAsync(context, body, kind, rules) : null;
        if (context.Response.HasStarted)
            return;
        await using var rows = list;
        if (kind != StreamKind.Opening)
        {
            await TakeAsync(context, body, list, rules);
        }
        else if (Interlocked.CompareExchange(ref _openings, 1, 0) == 0)
        {
            try
            {
                await TakeAsync(context, body, list, rules);
            }
            finally
            {
                Volatile.Write(ref _openings, 0);
            }
        }
        else
        {
            const string Wait = "its lines open days in their order: send this one when it has ended";
            await new Problem(503, "overloaded", "a stream of opening balances runs",
                Wait)
            { RetryAfter = _fullFor }.WriteAsync(context);
        }
    }

    private async Task TakeAsync(HttpContext context, PipeReader body, ListRows? list, StreamRules rules)
    {
        if (await BeginAsync(context) is not { } stream)
            return;
        using var span = Spans.Take(rules.Kind);
        using var answers = stream.Answers;

        // A sender may read its answers when it has sent everything.
        context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        (context.Response.ContentType, context.Response.Headers[IdHeader]) = (LinesType, stream.Id);
        var commands = new CommandStream(
            scheme, days, rules, stream.Answers, telemetry.Time)
        { Meter = telemetry.Host };
        var (answering, isKept, end) = (Task.CompletedTask, true, StreamEnd.Failed);
        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            answering = CopyAsync(answers, 1, context);
            try
            {
                end = await TakeAsync(commands, SourceOf(body, list, rules), stream, context.RequestAborted);
            }
            finally
            {
                await body.CompleteAsync();
            }
        }
        catch (AnswersNotKeptException e)
        {
            // The sender sends its lines again, and those that were decided have their first answers.
            _log.StreamCut(e.Message);
            isKept = false;
            context.Abort();
        }
        finally
        {
            if (isKept)
                streams.End(stream);
            else
                streams.GiveUp(stream);
            telemetry.Host.End(rules.Kind, end);
            span?.End(end, commands.Written);

            // A response is not written to once its call has ended.
            await answering;
        }
    }

    /// <summary>
    /// Answers that the host does not take this stream, or the caller may not send it; null otherwise.
    /// </summary>
    private Task? RefusalOf(HttpContext context, StreamKind kind)
    {
        if (IsOpening != (kind == StreamKind.Opening))
            return (IsOpening ? ApiEndpoints.Opening : ApiEndpoints.NotOpening).WriteAsync(context);
        return kind == StreamKind.Opening && Permissions.Allows(context.FindCaller()!, Call.LoadOpening) is { } refusal
            ? Problems.WriteForbiddenAsync(context, refusal)
            : null;
    }

    public async Task GetAnswersAsync(HttpContext context)
    {
        var (id, text) = (context.GetRouteValue("id") as string ?? "", context.Request.Query["from"].ToString());
        var from = 1L;
        if (text.Length > 0
            && !(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out from) && from >= 1))
        {
            await new Problem(
                400, "bad_request", "a line's number is wrong", "from is the number of the first line, from 1")
                    .WriteAsync(context);
            return;
        }

        using var answers = streams.Find(id, context.FindCaller()!.KeyId);
        if (answers is null)
        {
            await new Problem(
                404, "unknown_stream", "there is no such stream",
                "its answers are kept for a while after its end, and until this host ends: send its lines again, and each has its first answer")
                    .WriteAsync(context);
            return;
        }

        context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        (context.Response.ContentType, context.Response.Headers[IdHeader]) = (LinesType, id);
        await CopyAsync(answers, from, context);
    }

    /// <summary>A place for a stream; null where there is none, which is answered then.</summary>
    private async Task<KeptStream?> BeginAsync(HttpContext context)
    {
        try
        {
            if (streams.TryBegin(context.FindCaller()!.KeyId) is { } stream)
                return stream;
            await new Problem(
                503, "overloaded", "too many streams",
                $"{StreamStore.RunningMax} streams run already: try again when one has ended")
            { RetryAfter = _fullFor }
                    .WriteAsync(context);
        }
        catch (AnswersNotKeptException e)
        {
            _log.StreamRefused(e.Message);
            await new Problem(
                503, "overloaded", "no room for answers",
                "the host has no room for the answers of a stream, and an operator has to make some: try again later")
            {
                RetryAfter = _fullFor
            }.WriteAsync(context);
        }

        return null;
    }

    /// <summary>Copies answers to the caller; one that does not read them is cut.</summary>
    private static async Task CopyAsync(AnswerLog answers, long from, HttpContext context)
    {
        try
        {
            await answers.CopyAsync(from, context.Response.Body, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
    }

    /// <summary>
    /// The commands of a body; made with what is called when more of it is waited for, and when it came.
    /// </summary>
    /// <param name="list">The list that the body is; null where it is lines of JSON.</param>
    private Func<Action<bool>, ICommandSource> SourceOf(PipeReader body, ListRows? list, StreamRules rules) => waits =>
    {
        if (list is null)
            return new JsonLines(new LineReader(body, CommandStream.LineBytesMax, waits), rules, days);
        list.Waits = waits;
        return list;
    };

    /// <param name="source">Makes the source of the commands.</param>
    private async Task<StreamEnd> TakeAsync(
        CommandStream commands, Func<Action<bool>, ICommandSource> source, KeptStream stream, CancellationToken aborted)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        void Waits(bool isWaiting) => silence.CancelAfter(isWaiting ? _silenceMax : Timeout.InfiniteTimeSpan);
        try
        {
            if (await commands.RunAsync(source(Waits), silence.Token))
                return StreamEnd.Whole;
            stream.Answers.AppendLast(LastWord(
                "too_many_faults",
                $"more than {CommandStream.FaultsMax} lines are no commands, and more than half of all: correct the lines and send them again"));
            return StreamEnd.TooManyFaults;
        }
        catch (AnswersAtLimitException e)
        {
            _log.StreamCut(e.Message);
            stream.Answers.AppendLast(LastWord(
                "cut",
                "the host keeps no more answers of streams: read those that it has, and send what is not answered in another stream"));
            return StreamEnd.Cut;
        }
        catch (Exception e) when (e is BadHttpRequestException or InvalidDataException)
        {
            stream.Answers.AppendLast(LastWord(
                "broken",
                $"the body breaks off or cannot be unpacked behind the last line that is answered: {e.Message}"));
            return StreamEnd.Broken;
        }
        catch (VaultException e)
        {
            _log.StreamCut(e.Message);
            stream.Answers.AppendLast(
                LastWord("cut", "the vault cannot be used now: send what is not answered in another stream"));
            return StreamEnd.Cut;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            var why = stopping.IsCancellationRequested
                ? "the host stops"
                : $"nothing came for {_silenceMax.Minutes} minutes";
            stream.Answers.AppendLast(LastWord("cut", $"{why}: send what is not answered in another stream"));
            return StreamEnd.Cut;
        }
        catch (Exception e) when (aborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The sender is gone. What it sent is decided, and it can ask for the answers.
            return StreamEnd.Gone;
        }
    }

    private static byte[] LastWord(string code, string text) =>
        System.Text.Encoding.UTF8.GetBytes(
            $$"""{"outcome":"malformed","code":"{{code}}","text":{{System.Text.Json.JsonSerializer.Serialize(text)}}}"""
                + "\n");

    /// <summary>The body unpacked; null where it is packed in a way that is not known.</summary>
    private static PipeReader? Decoded(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => request.BodyReader,
        "gzip" =>
            PipeReader.Create(
                new GZipStream(request.Body, CompressionMode.Decompress),
                new StreamPipeReaderOptions(bufferSize: 64 << 10)),
        _ => null,
    };
}
