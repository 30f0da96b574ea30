using System.CommandLine;
using System.Net;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>serve</c>: a host of a cluster.</summary>
internal static class ServeVerb
{
    private const int LeaseSecondsUsual = 3;
    private const int LeaseSecondsMin = 1;
    private const int LeaseSecondsMax = 600;

    private const string Notes = """
        A host joins the others on the same journal, takes its fair share of the shards, and takes any
        command: one for another host's shard is forwarded there. The journal is in PostgreSQL, which
        also says which host has which shard; amoe simulate makes one.

        When it listens and has joined it prints one line on standard output with its address. What
        happens to it (joined, took, handed over, lost) is a line each on standard error.

        The peers secret is in a file that others on this machine may not read, at least 32 bytes, and the
        same on every host: (umask 077; openssl rand -hex 32 > peers.secret) makes one. Hosts
        and clients prove to each other that they know it; it is not sent. Links are not encrypted: off one
        machine, keep them in a network of their own.

        GET /health/live     200 while the process runs
        GET /health/ready    200 when it has joined and its lease is renewed, otherwise 503 and why
        GET /v1/state        its shards, their heads and what they hold, as JSON

        Ctrl-C or SIGTERM: the host finishes what is in flight, hands its shards to the others, leaves
        and ends with exit code 0. A second one ends it at once. If the store cannot be reached at the
        start it ends with exit code 3; if it is lost later, it keeps trying and is not ready meanwhile.

        Examples:
          amoe serve --journal postgres://amoe@db/amoe --listen 127.0.0.1:5100 --peers-secret peers.secret
          amoe serve --journal postgres://amoe@db/amoe --listen 127.0.0.1:0 --peers-secret p.secret -o json
          amoe serve --journal postgres://amoe@db/amoe --listen 0.0.0.0:5100 \
            --advertise http://10.0.0.7:5100 --peers-secret peers.secret
          curl http://127.0.0.1:5100/health/ready

        """;

    public static Command Create(Terminal terminal)
    {
        var (journal, threads, output) = (Options.Journal(), Options.Threads(), Options.Output());
        var listen = Options.Listen();
        var secret = new Option<string>("--peers-secret")
        {
            Description = "The file of the secret that hosts and clients of the cluster share.",
            HelpName = "FILE",
            CustomParser = Options.File,
        };
        var advertise = Options.Advertise();
        var lease = Options.Seconds(
            "--lease", $"Seconds a host keeps its shards after its last sign of life. [default: {LeaseSecondsUsual}]", LeaseSecondsMin, LeaseSecondsMax);
        var untilInputEnds = new Option<bool>("--until-stdin-closes")
        {
            Description = "End with standard input, and leave Ctrl-C to whoever started the host.",
        };
        var command = new TaughtCommand("serve", "Be a host of a cluster: take commands and decide those of its shards.", Notes)
        {
            journal, listen, secret, advertise, lease, threads, untilInputEnds, output,
        };
        command.SetAction((parsed, _) =>
        {
            var address = parsed.GetRequiredValue(journal);
            if (!address.IsPostgres)
                throw new UsageException($"{address.Display} is a file, and hosts need a journal that they can share: postgres://user@host/database.");
            if (parsed.GetValue(secret) is null)
                throw new UsageException("'--peers-secret' is required: the file of the secret that hosts and clients share.");
            var (listens, advertised) = (parsed.GetRequiredValue(listen), parsed.GetValue(advertise));
            if (advertised is null && (listens.Address.Equals(IPAddress.Any) || listens.Address.Equals(IPAddress.IPv6Any)))
                throw new UsageException($"--listen {listens} is no address by which others could reach this host: say which is with --advertise http://HOST:{listens.Port}.");
            var request = new ServeRequest(
                address, listens, parsed.GetRequiredValue(secret), advertised, parsed.GetValue(lease) ?? TimeSpan.FromSeconds(LeaseSecondsUsual), parsed.GetValue(threads), parsed.GetValue(untilInputEnds));
            return RunAsync(terminal, request, parsed.GetValue(output));
        });
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ServeRequest request, OutputFormat format)
    {
        using var stop = new StopSignal(
            terminal.Time, asked: () => terminal.Line("stopping: handing the shards over; a second signal ends at once"), atOnce: () => { }, ignoresInterrupt: request.UntilInputEnds);

        // Not disposed: the input may end after everything else.
        var inputEnds = new CancellationTokenSource();
        if (request.UntilInputEnds)
            InputEnd.Watch(inputEnds);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, inputEnds.Token);
        await new ServeRun(request, terminal).RunAsync(
            (endpoint, host) =>
            {
                if (format == OutputFormat.Json)
                    JsonLine.Write(Console.Out, json => Write(json, endpoint, host));
                else
                    Terminal.Plain($"host {host} takes commands at {endpoint}");
            },
            either.Token);
        return ExitCode.Done;
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, string endpoint, Engine.Journal.Ownership.HostId host)
    {
        json.WriteStartObject();
        json.WriteString("endpoint", endpoint);
        json.WriteNumber("host", host.Value);
        json.WriteNumber("process", Environment.ProcessId);
        json.WriteEndObject();
    }
}
