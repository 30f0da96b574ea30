using System.Diagnostics.Metrics;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Text;

namespace Amoe.Engine.Actors.Metering;

/// <summary>
/// The instruments of the engine in one process: the meter <c>Amoe.Engine</c>. Counts are of the process, and go on
/// where partitions come, go and start again. docs/operations.md has the table.
/// </summary>
/// <remarks>
/// Seconds are binary fractions here, as OpenTelemetry has them. What is counted is counted once a turn; what a
/// partition knows already is read when someone looks.
/// </remarks>
internal sealed class EngineMeter : IDisposable
{
    public const string Name = "Amoe.Engine";

    /// <summary>The label with a command's kind.</summary>
    public const string CommandLabel = "amoe.command";

    /// <summary>The label with what became of a command or line.</summary>
    public const string OutcomeLabel = "amoe.outcome";

    /// <summary>The label with the reason of a refusal.</summary>
    public const string ReasonLabel = "amoe.reason";

    private const int Outcomes = 16;

    /// <summary>From half a millisecond to as long as a write waits for a database.</summary>
    private static readonly double[] _seconds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Up to what a turn takes at most.</summary>
    private static readonly long[] _commands = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    private readonly Meter _meter;
    private readonly Histogram<double> _commits;
    private readonly Histogram<double> _readBacks;
    private readonly Histogram<long> _turns;
    private readonly Counter<long> _written;
    private readonly Counter<long> _creditRefused;
    private readonly Counter<long> _starts;
    private readonly Counter<long> _moves;

    // By command and outcome, and by reason.
    private readonly Lock _lock = new();
    private readonly long[] _answered = new long[(byte.MaxValue + 1) * Outcomes];
    private readonly long[] _refused = new long[byte.MaxValue + 1];

    /// <param name="scope">Whose it is, where several hosts are in one process.</param>
    public EngineMeter(object? scope = null)
    {
        _meter = new Meter(new MeterOptions(Name) { Scope = scope });
        CreateOfCommands();
        CreateOfCredit();
        CreateOfPartitions();
        _creditRefused = _meter.CreateCounter<long>("amoe.credit.refused", "{command}",
            "Posts that found a partition full: a stream waits and posts again, a single call is answered overloaded.");
        _commits = Seconds("amoe.commit.duration", "How long the write of a turn took, until it was durable.");
        _readBacks = Seconds("amoe.read_back.duration", "How long reading passivated claims or a student back took.");
        _turns = _meter.CreateHistogram("amoe.turn.commands", "{command}",
            "Commands and marks of days that were answered with one durable turn.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = _commands });
        _written = _meter.CreateCounter<long>("amoe.journal.written", "By", "Bytes of frames that became durable.");
        _starts = _meter.CreateCounter<long>("amoe.partitions.started", "{start}",
            "How often a partition of this host has recovered its log and begun to serve.");
        _moves = _meter.CreateCounter<long>("amoe.partitions.moved", "{partition}",
            "Partitions that came to this host of a cluster or left it, by amoe.direction: in or out.");
    }

    /// <summary>The partitions of this process; none before it has some.</summary>
    public Func<IEnumerable<PartitionHost>> Partitions { get; set; } = () => [];

    /// <summary>The credit of this process's own sender; null where it has none.</summary>
    public Func<SenderCredit>? Credit { get; set; }

    private IEnumerable<PartitionHost> Here => Partitions();

    private IEnumerable<PartitionHost> Served => Here.Where(host => host.IsServing);

    /// <summary>Counts the answers of a turn, or of commands that no turn decides.</summary>
    public void Answer(IReadOnlyList<Answer> answers)
    {
        lock (_lock)
        {
            for (var i = 0; i < answers.Count; i++)
            {
                var answer = answers[i];
                var kind = answer.Reply.Command.Kind;

                // Days' marks are no commands, and a notice of a ledger to a claim has no sender.
                if (!kind.IsCommand() || answer.ReplyTo is NoReply)
                    continue;
                _answered[(int)kind * Outcomes + (int)answer.Reply.Outcome]++;
                if (answer.Reply.Outcome == Outcome.Refused)
                    _refused[(int)answer.Reply.Reason]++;
            }
        }
    }

    /// <summary>A turn is durable.</summary>
    public void Commit(TimeSpan time, int bytes, int commands)
    {
        _commits.Record(time.TotalSeconds);
        _turns.Record(commands);
        _written.Add(bytes);
    }

    public void ReadBack(TimeSpan time) => _readBacks.Record(time.TotalSeconds);

    /// <summary>Commands found a partition full.</summary>
    public void RefuseCredit(int commands) => _creditRefused.Add(commands);

    public void Start() => _starts.Add(1);

    /// <summary>A partition has come to this host, or has left it.</summary>
    public void Move(bool isHere) => _moves.Add(1, Label("amoe.direction", isHere ? "in" : "out"));

    public void Dispose() => _meter.Dispose();

    private void CreateOfCommands()
    {
        _meter.CreateObservableCounter("amoe.commands.answered", Answered, "{command}",
            "Commands and questions that partitions of this host have answered, by amoe.command and amoe.outcome; the "
            + "same again counts again.");
        _meter.CreateObservableCounter("amoe.commands.refused", Refused, "{command}",
            "Answers that are the refusal of a command by a rule of the scheme, by amoe.reason.");
        _meter.CreateObservableGauge("amoe.commands.under_way", () => Here.Sum(host => (long)host.UnderWay),
            "{command}",
            "Commands that partitions of this host have taken and not answered.");
    }

    private void CreateOfCredit()
    {
        _meter.CreateObservableGauge("amoe.credit.used", () => CreditNow(credit => credit.Used), "{command}",
            "Commands that this process has posted to partitions and that are not answered.");
        _meter.CreateObservableGauge("amoe.credit.used_max", () => CreditNow(credit => credit.UsedOfFullest),
            "{command}",
            "As amoe.credit.used, of the partition that has the most.");
        _meter.CreateObservableGauge("amoe.credit.limit", () => CreditNow(credit => credit.LimitOfEach), "{command}",
            "Commands that may be posted to one partition and not answered.");
    }

    private void CreateOfPartitions()
    {
        _meter.CreateObservableGauge("amoe.partitions", ByState, "{partition}",
            "Partitions of this host, by amoe.state: serving, recovering or out_of_service.");
        _meter.CreateObservableGauge("amoe.students", () => Served.Sum(host => host.State.StudentCount), "{student}",
            "Students of the partitions that this host serves.");
        _meter.CreateObservableGauge(
            "amoe.students.quarantined", () => Served.Sum(host => (long)host.State.Quarantined.Count), "{student}",
            "Students of the partitions that this host serves who are out of service.");
        _meter.CreateObservableGauge("amoe.claims.open", () => Served.Sum(host => host.State.OpenClaimCount), "{claim}",
            "Claims of the partitions that this host serves that are not passivated.");
    }

    private Histogram<double> Seconds(string name, string description) => _meter.CreateHistogram(
        name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = _seconds });

    private List<Measurement<long>> Answered()
    {
        var counts = Copy(_answered);
        var measured = new List<Measurement<long>>();
        for (var at = 0; at < counts.Length; at++)
        {
            if (counts[at] == 0)
                continue;
            var (kind, outcome) = ((CommandKind)(at / Outcomes), (Outcome)(at % Outcomes));
            measured.Add(new(
                counts[at],
                Label(CommandLabel, SnakeCase<CommandKind>.NameOf(kind)),
                Label(OutcomeLabel, SnakeCase<Outcome>.NameOf(outcome))));
        }

        return measured;
    }

    private List<Measurement<long>> Refused()
    {
        var counts = Copy(_refused);
        var measured = new List<Measurement<long>>();
        for (var at = 0; at < counts.Length; at++)
        {
            if (counts[at] > 0)
                measured.Add(new(counts[at], Label(ReasonLabel, SnakeCase<Reason>.NameOf((Reason)at))));
        }

        return measured;
    }

    private long[] Copy(long[] counts)
    {
        lock (_lock)
            return [.. counts];
    }

    private IEnumerable<Measurement<long>> ByState()
    {
        var states = Here.Select(host => PartitionPart.Of(host).State).ToList();
        return SnakeCase<PartitionService>.Values.Select(state => new Measurement<long>(
            states.Count(other => other == state), Label("amoe.state", SnakeCase<PartitionService>.NameOf(state))));
    }

    private IEnumerable<Measurement<long>> CreditNow(Func<SenderCredit, long> part) =>
        Credit is { } credit ? [new Measurement<long>(part(credit()))] : [];

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}

/// <summary>How much of its credit a sender has used.</summary>
/// <param name="Used">Commands posted and not answered.</param>
/// <param name="UsedOfFullest">The same, of the partition that has the most.</param>
/// <param name="LimitOfEach">Commands that a partition may have.</param>
internal readonly record struct SenderCredit(long Used, long UsedOfFullest, long LimitOfEach);
