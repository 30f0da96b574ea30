using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Amoe.Host.Api.Streams;

namespace Amoe.Host.Telemetry;

/// <summary>
/// The spans of a live host, below ASP.NET's span of the call: the activity source <c>Amoe.Host</c>. They say which
/// command and what became of it, and never about which student or claim. Where no one listens there are none.
/// </summary>
/// <remarks>
/// The engine has no spans of its own: a turn decides hundreds of commands, and a span costs more than a decision.
/// </remarks>
internal static class Spans
{
    public const string Name = "Amoe.Host";

    private static readonly ActivitySource _source = new(Name, PartitionRuntime.Build);

    /// <summary>A command or question is decided, and what it rests on made durable.</summary>
    public static Activity? Decide(Command command)
    {
        if (!_source.HasListeners())
            return null;
        var name = SnakeCase<CommandKind>.NameOf(command.Kind);
        return _source.StartActivity($"decide {name}")?.SetTag(EngineMeter.CommandLabel, name);
    }

    /// <summary>A stream is taken, from its first line to its last answer.</summary>
    public static Activity? Take(StreamKind kind)
    {
        if (!_source.HasListeners())
            return null;
        var name = SnakeCase<StreamKind>.NameOf(kind);
        return _source.StartActivity($"take stream {name}")?.SetTag("amoe.stream", name);
    }

    /// <summary>A business day is opened on every partition.</summary>
    public static Activity? OpenDay(DateOnly day) =>
        _source.StartActivity("open day")?.SetTag("amoe.day", $"{day:yyyy-MM-dd}");

    public static void End(this Activity span, in Reply reply)
    {
        span.SetTag(EngineMeter.OutcomeLabel, SnakeCase<Outcome>.NameOf(reply.Outcome));
        if (reply.Outcome == Outcome.Refused)
            span.SetTag(EngineMeter.ReasonLabel, SnakeCase<Reason>.NameOf(reply.Reason));
        if (reply.Outcome is Outcome.Failed or Outcome.Quarantined or Outcome.Unknown)
            span.SetStatus(ActivityStatusCode.Error);
    }

    public static void End(this Activity span, StreamEnd end, long lines) =>
        span.SetTag("amoe.end", SnakeCase<StreamEnd>.NameOf(end)).SetTag("amoe.lines", lines)
            .SetStatus(end == StreamEnd.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
}
