using System.CommandLine;
using System.Net;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>serve</c>: a host of a cluster.</summary>
internal static class ServeVerb
{
    private const string Notes = """
        A host joins the others on the same journal, takes its share of the partitions, and decides
        their commands. The journal is in PostgreSQL, which also says which hosts there are and which
        of them holds which partition. Where there is none, the first host begins an empty one under the
        rulebook of --rules and says so; later rulebooks are adopted (amoe rules adopt). A host that
        dies is noticed by the others, which take its partitions over within ten seconds; one that was
        frozen, or cannot reach the others, drops its partitions and joins again.

        When it has joined it prints one line on standard output with the address of its pages. What
        happens to it later is a line each on standard error.

        Off one machine hosts prove who they are by certificates of one authority (mutual TLS): each has
        its own with its private key in one PEM file, and all have the authority's. Without them a host
        listens on loopback addresses only. The pages have no secrets and are not encrypted.

        GET /health/live     200 while the process runs
        GET /health/ready    200 when it is a member and its lease is renewed, otherwise 503 and why
        GET /v1/state        its partitions and what they hold, as JSON

        Ctrl-C or SIGTERM: the host finishes what is in flight, hands its partitions to the others,
        leaves and ends with exit code 0. A second one ends it at once. If the database cannot be
        reached at the start it ends with exit code 3; if it is lost later, the host waits for it.

        Examples:
          amoe serve --journal postgres://amoe@db/amoe --listen 127.0.0.1:5101 --pages 127.0.0.1:5100
          amoe serve --journal postgres://amoe@db/amoe --listen 127.0.0.1:0 -o json
          amoe serve --journal postgres://amoe@db/live --listen 127.0.0.1:0 --rules my-rules.yaml
          amoe serve --journal postgres://amoe@db/amoe --listen 10.0.0.7:5101 \
            --tls-certificate host7.pem --tls-authority authority.pem
          curl http://127.0.0.1:5100/health/ready

        """;

    public static Command Create(Terminal terminal)
    {
        var (journal, threads, output) = (Options.Journal(), Options.Threads(), Options.Output());
        var (listen, pages, advertise) = (Options.Listen(), Options.Pages(), Options.Advertise());
        var (certificate, authority) = Options.Tls("This host's", "hosts");
        var (rules, partitions) = (Options.Rules(), Options.Partitions());
        rules.Description = $"The rulebook of a new journal: {RulebookPlace.Kinds}. [default: {ShippedRulebooks.Amended}]";
        var untilInputEnds = new Option<bool>("--until-stdin-closes")
        {
            Description = "End with standard input, and leave Ctrl-C to the process that started the host.",
        };
        var command = new TaughtCommand("serve", "Be a host of a cluster: decide the commands of a share of the partitions.", Notes)
        {
            journal, listen, pages, advertise, certificate, authority, rules, partitions, threads, untilInputEnds, output,
        };
        command.SetAction((parsed, _) =>
        {
            var address = parsed.GetRequiredValue(journal);
            if (!address.IsPostgres)
                throw new UsageException($"{address.Display} is a file, and hosts need a journal that they can share: postgres://user@host/database.");
            var (listens, advertised) = (parsed.GetRequiredValue(listen), parsed.GetValue(advertise));
            var tls = Options.TlsOf(parsed.GetValue(certificate), parsed.GetValue(authority));
            if (tls is null && !IPAddress.IsLoopback(listens.Address))
                throw new UsageException($"--listen {listens} can be reached from other machines: add --tls-certificate and --tls-authority, or name a loopback address.");
            if (advertised is null && (listens.Address.Equals(IPAddress.Any) || listens.Address.Equals(IPAddress.IPv6Any)))
                throw new UsageException($"--listen {listens} is no address by which others could reach this host: say which is with --advertise HOST:{listens.Port}.");
            var begins = JournalIdentity.OfProduction(
                RulebookPlace.Load(parsed.GetValue(rules) ?? ShippedRulebooks.Amended).Text,
                PartitionCounts.InDatabase with { Students = parsed.GetValue(partitions) ?? PartitionCounts.InDatabase.Students });
            var request = new ServeRequest(
                address, parsed.GetValue(pages) ?? new IPEndPoint(IPAddress.Loopback, 0), listens, advertised, tls, parsed.GetValue(threads), begins, parsed.GetValue(untilInputEnds));
            return RunAsync(terminal, request, parsed.GetValue(output));
        });
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ServeRequest request, OutputFormat format)
    {
        using var stop = new StopSignal(
            terminal.Time, asked: () => terminal.Line("stopping: handing the partitions over; a second signal ends at once"), atOnce: () => { }, ignoresInterrupt: request.UntilInputEnds);

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
                    Terminal.Plain($"host {host} serves; its pages are at {endpoint}");
            },
            either.Token);
        return ExitCode.Done;
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, string endpoint, long host)
    {
        json.WriteStartObject();
        json.WriteString("endpoint", endpoint);
        json.WriteNumber("host", host);
        json.WriteNumber("process", Environment.ProcessId);
        json.WriteEndObject();
    }
}
