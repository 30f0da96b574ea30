using System.CommandLine;
using Amoe.Host.Live;
using Amoe.Host.Reports;
using Amoe.Host.Running;
using Amoe.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Verbs;

/// <summary><c>serve</c>: takes commands over HTTP, or is a host of a cluster.</summary>
internal static class ServeVerb
{
    private const string Notes = """
        Takes enrolment and claims over HTTP, decides them, and answers once a decision is durable.
        With no option the journal is live.amoe in the working directory, begun where there is none, and
        the host is reached on this machine alone. It says where, and with which key, on standard output.
        Business days open by Morocco's calendar; after downtime those that were missed open in turn.

        POST /v1/students/{student}/{command}                  one command to a student
        POST /v1/students/{student}/claims/{claim}/{command}   one command to a claim
        GET  /v1/students/{student}                            how far the student's file has come
        GET  /v1/students/{student}/entitlement?on=DATE        is the student entitled on a day?
        GET  /v1/students/{student}/claims/{claim}             how a claim is
        POST /v1/streams/enrolment, /v1/streams/claims         a command a line, an answer a line
        POST /v1/streams/opening                               with --opening: the fund's opening balances
        GET  /v1/streams/{id}/answers?from=LINE                a stream's answers again
        GET  /health/live, /health/ready                       200 while it runs, and while it serves
        GET  /v1/state                                         what it holds, as JSON
        GET  /metrics                                          with --metrics: as Prometheus reads it

        On PostgreSQL it is a host of a cluster, and needs --listen: it joins the others on the same
        journal, takes its share of the partitions, and decides the commands that senders and other
        hosts have for them. With --keys or --development it takes the calls above for every partition;
        without, its pages are the last four lines. The database says which hosts there are and
        which of them holds which partition. A host that dies is noticed by the others, which take its
        partitions over within ten seconds; one that was frozen, or cannot reach the others, drops its
        partitions and joins again. What happens to it later is a line each on standard error. With
        --opening it is alone instead, and every other host is refused.

        Off one machine hosts prove who they are by certificates of one authority (mutual TLS): each has
        its own with its private key in one PEM file, and all have the authority's. Without them a host
        listens on loopback addresses only. The pages of a cluster's host have no secrets and are not
        encrypted.

        Its log is lines on standard error, JSON with --log json. Metrics, traces and the log go to a
        collector where OTEL_EXPORTER_OTLP_ENDPOINT names one.

        Ctrl-C or SIGTERM: the host takes nothing more, finishes what is in flight, hands its partitions
        to the others if there are any, and ends with exit code 0. A second one ends it at once. If the
        database cannot be reached at the start it ends with exit code 3; if it is lost later, the host
        waits for it.

        --check tries settings, keys, vault, certificates, addresses, journal, clock and, on PostgreSQL,
        grants, server settings and hosts, as a start would: a line each, ok, warning or failed, and what
        to do. It ends with 0 if none failed, else with the exit code of that start.

        Examples:
          amoe serve
          amoe serve --check --journal /var/lib/amoe/live.amoe
          amoe serve --journal /var/lib/amoe/live.amoe --http 127.0.0.1:8080
          amoe serve --journal postgres://amoe@db/amoe --listen 127.0.0.1:5101 --http 127.0.0.1:5100
          amoe serve --journal postgres://amoe@db/live --listen 127.0.0.1:0 --rules my-rules.yaml
          amoe serve --journal postgres://amoe@db/amoe --listen 10.0.0.7:5101 \
            --tls-certificate host7.pem --tls-authority authority.pem
          curl http://127.0.0.1:5100/health/ready

        """;

    public static Command Create(Terminal terminal)
    {
        var (options, output) = (new ServeOptions(), Options.Output());
        var untilInputEnds = new Option<bool>("--until-stdin-closes")
        {
            Description = "End with standard input, and leave Ctrl-C to the process that started the host.",
        };
        var command = new TaughtCommand(
            "serve", "Take commands over HTTP; on PostgreSQL, be a host of a cluster.", Notes);
        var check = new Option<bool>("--check")
        {
            Description = "Try what it would do, in a line each; serve nothing and change nothing.",
        };
        foreach (var option in options.All.Concat([check, untilInputEnds, output]))
            command.Options.Add(option);
        command.SetAction((parsed, _) =>
        {
            var (untilInput, format) = (parsed.GetValue(untilInputEnds), parsed.GetValue(output));
            options.RequireNoContradiction(parsed);
            if (parsed.GetValue(check))
                return Task.FromResult(ServeCheck.Run(options, parsed, format, terminal));
            var telemetry = options.Telemetry(parsed);
            var (settings, begins) = (options.Settings(parsed), options.Begins(parsed));
            if (!options.IsOfCluster(parsed))
            {
                var alone = options.Alone(parsed, settings!, begins);
                return RunAsync(
                    terminal, telemetry, new Stops(untilInput, "finishing what is in flight", format),
                    (host, served, stop) =>
                        new LiveRun(alone, host).RunAsync(
                            (endpoint, key) => served(new Serving(endpoint, null, key)), stop));
            }

            var cluster = options.Cluster(parsed, settings, begins);
            return RunAsync(
                terminal, telemetry, new Stops(untilInput, "handing the partitions over", format),
                (host, served, stop) =>
                    new ServeRun(cluster, host).RunAsync(
                        (endpoint, number, key) => served(new Serving(endpoint, number, key)), stop));
        });
        return command;
    }

    /// <param name="serve">Serves until it is to stop; says where, and under which number, once it does.</param>
    private static async Task<int> RunAsync(
        Terminal terminal, TelemetrySettings settings, Stops stops,
        Func<HostTelemetry, Action<Serving>, CancellationToken, Task> serve)
    {
        using var telemetry = new HostTelemetry(settings, terminal);
        var log = telemetry.Loggers.CreateLogger(typeof(ServeVerb));
        using var stop = new StopSignal(
            terminal.Time, asked: () => log.Stopping(stops.Doing), atOnce: () => { },
            ignoresInterrupt: stops.UntilInputEnds);

        // Not disposed: the input may end after everything else.
        var inputEnds = new CancellationTokenSource();
        if (stops.UntilInputEnds)
            InputEnd.Watch(inputEnds);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, inputEnds.Token);
        await serve(
            telemetry,
            serving =>
            {
                if (stops.Format == OutputFormat.Json)
                    JsonLine.Write(Console.Out, json => Write(json, serving));
                else
                    Terminal.Plain(TextOf(serving, DateOnly.FromDateTime(terminal.Time.GetUtcNow().UtcDateTime)));
            },
            either.Token);
        return ExitCode.Done;
    }

    /// <param name="today">The lines to try declare a student of twenty in the academic year of that day.</param>
    private static string TextOf(Serving serving, DateOnly today) => serving switch
    {
        { Host: { } host, Key: null } => $"host {host} serves; its pages are at {serving.Endpoint}",
        { Key: null } => $"serves at {serving.Endpoint}; the API is described at {serving.Endpoint}/scalar",
        _ => $$"""
            {{(serving.Host is { } host ? $"host {host} " : "")}}serves at {{serving.Endpoint}}; the API is described at {{serving.Endpoint}}/scalar
            There is no file of keys: this key may make every call, and is gone when the host ends.

              key={{serving.Key}}

            Try it: a student declares, the institution sends the application on, and the file says how far it is.

              curl -H "Authorization: Bearer $key" {{serving.Endpoint}}/v1/students/16/declare -d '{"reference":1,"category":"public_university","cycle":"higher_education","born":"{{today.AddYears(-20):yyyy-MM-dd}}","paid_track":false,"institution":3,"bank_account":true,"year":{{today.AddMonths(-8).Year}}}'
              curl -H "Authorization: Bearer $key" {{serving.Endpoint}}/v1/students/16/forward_application -d '{"reference":1,"desk":"onousc"}'
              curl -H "Authorization: Bearer $key" {{serving.Endpoint}}/v1/students/16
            """,
    };

    private static void Write(System.Text.Json.Utf8JsonWriter json, Serving serving)
    {
        json.WriteStartObject();
        json.WriteString("endpoint", serving.Endpoint);
        if (serving.Host is { } number)
            json.WriteNumber("host", number);
        if (serving.Key is { } key)
            json.WriteString("key", key);
        json.WriteNumber("process", Environment.ProcessId);
        json.WriteEndObject();
    }

    /// <summary>Where a host serves.</summary>
    /// <param name="Host">Its number in a cluster.</param>
    /// <param name="Key">The key that it made, where it has no file of keys.</param>
    private sealed record Serving(string Endpoint, long? Host, string? Key);

    /// <summary>What ends a host, and how it says that it serves.</summary>
    /// <param name="UntilInputEnds">It ends with its standard input, and leaves Ctrl-C to the process that started
    /// it.</param>
    /// <param name="Doing">What it does before it ends.</param>
    private sealed record Stops(bool UntilInputEnds, string Doing, OutputFormat Format);
}
