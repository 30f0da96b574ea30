using System.Diagnostics.Metrics;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Amoe.Host.Api.Streams;

namespace Amoe.Host.Telemetry;

/// <summary>
/// The instruments of a live host: the meter <c>Amoe.Host</c>. Calls and their durations are those of ASP.NET's own
/// meter. docs/operations.md has the table.
/// </summary>
internal sealed class HostMeter : IDisposable
{
    public const string Name = "Amoe.Host";

    private const string StreamLabel = "amoe.stream";

    private readonly Meter _meter;
    private readonly Counter<long> _ended;
    private readonly Lock _lock = new();
    private readonly long[] _lines = new long[LineCounts.Length];

    /// <param name="scope">Whose it is, where several hosts are in one process.</param>
    public HostMeter(object? scope = null)
    {
        _meter = new Meter(new MeterOptions(Name) { Scope = scope });
        _meter.CreateObservableGauge("amoe.host.ready", () => Now(IsReady), "{host}",
            "1 while /health/ready is 200, otherwise 0.");
        _meter.CreateObservableGauge("amoe.business_day.lag", () => Now(DaysBehind), "d",
            "Days from the business day that is open to the calendar's of Morocco; 0 but while a day opens.");
        _meter.CreateObservableGauge("amoe.streams.running", () => Now(StreamsRunning), "{stream}",
            "Streams that run now.");
        _meter.CreateObservableGauge("amoe.streams.answers", () => Now(AnswerBytes), "By",
            "Answers of streams in the folder of temporary files.");
        _meter.CreateObservableCounter("amoe.stream.lines", Lines, "{line}",
            "Lines of streams that were answered, by amoe.outcome: as commands have it, malformed or forbidden.");
        _ended = _meter.CreateCounter<long>("amoe.streams.ended", "{stream}",
            "Streams that ended, by amoe.stream and amoe.end: whole, broken, cut, gone, too_many_faults or failed.");
    }

    /// <summary>1 while the host is ready, otherwise 0; null before that is known.</summary>
    public Func<long?> IsReady { get; set; } = () => null;

    /// <summary>Null before a day is open, and where no calendar opens days.</summary>
    public Func<long?> DaysBehind { get; set; } = () => null;

    public Func<long?> StreamsRunning { get; set; } = () => null;

    public Func<long?> AnswerBytes { get; set; } = () => null;

    /// <summary>Counts lines that were answered.</summary>
    public void Count(LineCounts lines)
    {
        lock (_lock)
            lines.MoveTo(_lines);
    }

    public void End(StreamKind kind, StreamEnd end) => _ended.Add(
        1, new(StreamLabel, SnakeCase<StreamKind>.NameOf(kind)), new("amoe.end", SnakeCase<StreamEnd>.NameOf(end)));

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Now(Func<long?> read) =>
        read() is { } value ? [new Measurement<long>(value)] : [];

    private List<Measurement<long>> Lines()
    {
        lock (_lock)
        {
            return [.. from at in Enumerable.Range(0, _lines.Length)
                       where _lines[at] > 0
                       let outcome = new KeyValuePair<string, object?>(EngineMeter.OutcomeLabel, LineCounts.NameOf(at))
                       select new Measurement<long>(_lines[at], outcome)];
        }
    }
}

/// <summary>Lines of one stream by their answer, until they are counted as the host's.</summary>
internal sealed class LineCounts
{
    public const int Length = Forbidden + 1;

    private const int Malformed = (int)Outcome.ClaimHeld + 1;
    private const int Forbidden = Malformed + 1;

    private readonly long[] _counts = new long[Length];

    public static string NameOf(int at) => at switch
    {
        Malformed => "malformed",
        Forbidden => "forbidden",
        _ => SnakeCase<Outcome>.NameOf((Outcome)at),
    };

    public void Add(Outcome outcome) => _counts[(int)outcome]++;

    public void AddFault(bool isForbidden) => _counts[isForbidden ? Forbidden : Malformed]++;

    public void MoveTo(long[] counts)
    {
        for (var at = 0; at < Length; at++)
            counts[at] += _counts[at];
        Array.Clear(_counts);
    }
}

/// <summary>How a stream ended.</summary>
internal enum StreamEnd
{
    /// <summary>All that was sent is answered.</summary>
    Whole,

    /// <summary>The body breaks off, or cannot be unpacked.</summary>
    Broken,

    /// <summary>The host stops, or nothing came for too long.</summary>
    Cut,

    /// <summary>The sender has closed the connection.</summary>
    Gone,

    TooManyFaults,

    /// <summary>There is no room for answers, or the program has a fault.</summary>
    Failed,
}
