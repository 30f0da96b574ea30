using System.Text.Json;
using Amoe.Engine.Figures;
using Amoe.Simulator.Running;

namespace Amoe.Host.Reports;

/// <summary>
/// The end of a simulation, for a program: one object on one line. Money in centimes, times in what the names end with.
/// </summary>
internal static class SimulationJson
{
    public static void Write(TextWriter output, SimulationOutcome outcome) =>
        JsonLine.Write(output, json => Write(json, outcome));

    private static void Write(Utf8JsonWriter json, SimulationOutcome outcome)
    {
        var (request, result, totals) = (outcome.Request, outcome.Result, outcome.Result.Accounts.Totals);
        json.WriteStartObject();
        json.WriteString("scenario", request.Scenario.Name);
        json.WriteNumber("scale", request.ScaleThousandths / 1000m);
        json.WriteNumber("seed", request.Seed);
        json.WriteBoolean("complete", result.IsComplete);
        json.WriteBoolean("resumed", request.Resume);
        json.WriteString("opens", Format.Date(request.Scenario.Horizon.Opens));
        json.WriteString("last_day", Format.Date(result.LastDay));
        json.WriteNumber("quarantined", result.Quarantined);
        if (result.IsComplete)
            json.WriteBoolean("as_asserted", outcome.Holds);
        else
            json.WriteNull("as_asserted");
        new SchemeFigures(result.Accounts).Write(json);
        json.WriteNumber("budget_centimes", outcome.ScaledBudgetCentimes);
        json.WriteNumber("commands", totals[Counter.Commands]);
        json.WriteNumber("commands_refused", totals[Counter.CommandsRefused]);
        json.WriteNumber("events", totals[Counter.Events]);
        json.WriteNumber("commands_this_run", result.CommandsThisRun);
        json.WriteNumber("events_this_run", result.EventsThisRun);
        json.WriteNumber("journal_bytes", result.SegmentBytes);
        json.WriteNumber("journal_file_bytes", result.FileBytes);
        json.WriteNumber("snapshot_bytes", result.SnapshotBytes);
        json.WriteNumber("elapsed_s", Format.Seconds(result.Elapsed));
        json.WriteNumber("commands_per_s", decimal.Truncate(Format.PerSecond(result.CommandsThisRun, result.Elapsed)));
        json.WriteNumber("events_per_s", decimal.Truncate(Format.PerSecond(result.EventsThisRun, result.Elapsed)));
        json.WriteNumber("commits", result.Commits);
        json.WriteNumber("commit_p50_ms", result.CommitP50Ms);
        json.WriteNumber("commit_p99_ms", result.CommitP99Ms);
        json.WriteNumber("commit_max_ms", result.CommitMaxMs);
        Write(json, result.Pace);
        if (result.ReadBack is { } readBack)
        {
            json.WriteNumber("read_back_claims", readBack.Claims);
            json.WriteNumber("read_back_records", readBack.Records);
            json.WriteNumber(
                "read_back_ms", decimal.Round((decimal)readBack.Time.Ticks / TimeSpan.TicksPerMillisecond, 1));
        }

        json.WriteNumber("peak_rss_mb", Math.Round(outcome.PeakMemoryBytes / 1e6m, 1));
        json.WriteString("digest", Format.Digest(result.Digest));
        json.WriteStartArray("marginals");
        foreach (var marginal in result.Marginals)
        {
            json.WriteStartObject();
            json.WriteString("of", marginal.Of);
            json.WriteString("unit", marginal.Unit);
            json.WriteNumber("whole", marginal.Whole);
            json.WriteNumber("expected", marginal.Expected);
            json.WriteNumber("measured", marginal.Measured);
            json.WriteNumber("deviation", marginal.Deviation);
            json.WriteNumber("tolerance", marginal.Tolerance);
            json.WriteNumber("z", Math.Round(marginal.Z, 4));
            json.WriteBoolean("within", marginal.Within);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (outcome.Hosts.Count > 0)
            Write(json, outcome.Hosts);
        json.WriteString("repeat", outcome.RepeatCommand);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<PaceSample> pace)
    {
        json.WriteStartArray("pace");
        foreach (var sample in pace)
        {
            json.WriteStartObject();
            json.WriteString("day", Format.Date(sample.Day));
            json.WriteNumber("elapsed_s", Format.Seconds(sample.Elapsed));
            json.WriteNumber("commands", sample.Commands);
            json.WriteNumber(
                "commands_per_s", decimal.Truncate(Format.PerSecond(sample.Commands, sample.Elapsed)));
            if (sample.Events is { } events)
                json.WriteNumber("events", events);
            if (sample.CommitP50Ms is { } p50)
                json.WriteNumber("commit_p50_ms", p50);
            if (sample.CommitP99Ms is { } p99)
                json.WriteNumber("commit_p99_ms", p99);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<HostEnd> hosts)
    {
        json.WriteStartArray("hosts");
        foreach (var host in hosts)
        {
            json.WriteStartObject();
            json.WriteNumber("number", host.Number);
            json.WriteString("endpoint", host.Endpoint);
            json.WriteBoolean("died", host.Died);
            if (host.Answer is { } answer)
            {
                json.WriteNumber("partitions", answer.PartitionsServed);
                json.WriteNumber("commits", answer.Commits);
                json.WriteNumber("commit_p50_ms", answer.CommitP50Ms);
                json.WriteNumber("commit_p99_ms", answer.CommitP99Ms);
                json.WriteNumber("commit_max_ms", answer.CommitMaxMs);
                json.WriteNumber("memory_mb", Math.Round(answer.MemoryBytes / 1e6m, 1));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
