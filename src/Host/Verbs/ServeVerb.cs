using System.CommandLine;
using System.Net;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Reports;
using Amoe.Host.Running;

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
        GET  /v1/students/{student}/entitlement?on=DATE        is the student entitled on a day?
        GET  /v1/students/{student}/claims/{claim}             how a claim is
        POST /v1/streams/enrolment, /v1/streams/claims         a command a line, an answer a line
        GET  /v1/streams/{id}/answers?from=LINE                a stream's answers again
        GET  /health/live, /health/ready                       200 while it runs, and while it serves
        GET  /v1/state                                         what it holds, as JSON

        On PostgreSQL it is a host of a cluster, and needs --listen: it joins the others on the same
        journal, takes its share of the partitions, and decides the commands that senders and other
        hosts have for them. With --keys or --development it takes the calls above for every partition;
        without, its pages are the last three lines. The database says which hosts there are and
        which of them holds which partition. A host that dies is noticed by the others, which take its
        partitions over within ten seconds; one that was frozen, or cannot reach the others, drops its
        partitions and joins again. What happens to it later is a line each on standard error.

        Off one machine hosts prove who they are by certificates of one authority (mutual TLS): each has
        its own with its private key in one PEM file, and all have the authority's. Without them a host
        listens on loopback addresses only. The pages of a cluster's host have no secrets and are not
        encrypted.

        Ctrl-C or SIGTERM: the host takes nothing more, finishes what is in flight, hands its partitions
        to the others if there are any, and ends with exit code 0. A second one ends it at once. If the
        database cannot be reached at the start it ends with exit code 3; if it is lost later, the host
        waits for it.

        Examples:
          amoe serve
          amoe serve --journal /var/lib/amoe/live.amoe --http 127.0.0.1:8080
          amoe serve --journal postgres://amoe@db/amoe --listen 127.0.0.1:5101 --http 127.0.0.1:5100
          amoe serve --journal postgres://amoe@db/live --listen 127.0.0.1:0 --rules my-rules.yaml
          amoe serve --journal postgres://amoe@db/amoe --listen 10.0.0.7:5101 \
            --tls-certificate host7.pem --tls-authority authority.pem
          curl http://127.0.0.1:5100/health/ready

        """;

    /// <summary>The journal where none is named.</summary>
    private const string UsualJournal = "live.amoe";

    private static readonly IPEndPoint _usualHttp = new(IPAddress.Loopback, 5100);

    public static Command Create(Terminal terminal)
    {
        var (threads, output) = (Options.Threads(), Options.Output());
        var journal = Options.JournalToKeep($"The journal: a file, or postgres://user@host:port/database. Left out, it is the one that {Options.JournalVariable} names, or {UsualJournal}.");
        journal.DefaultValueFactory = _ => JournalAddress.Parse(Environment.GetEnvironmentVariable(Options.JournalVariable) is { Length: > 0 } named ? named : UsualJournal);
        var (listen, http, advertise) = (Options.Listen(), Options.Http(), Options.Advertise());
        var (certificate, authority) = Options.Tls("This host's", "hosts");
        var (rules, partitions) = (Options.Rules(), Options.Partitions());
        rules.Description = $"The rulebook of a new journal: {RulebookPlace.Kinds}. [default: {ShippedRulebooks.Amended}]";
        var catchUp = new Option<bool>("--catch-up") { Description = "Open every day since the journal's last one, where that is more than a year ago." };
        var keys = new Option<string?>("--keys")
        {
            Description = $"The file of its callers' keys (amoe keys create). [default: {Access.KeyFile.DefaultName} where that is there, or one key that it makes and prints]",
            HelpName = "FILE",
            CustomParser = Options.File,
        };
        var vault = new Option<string?>("--vault") { Description = "The folder of the vault of persons (amoe vault create).", HelpName = "FOLDER", CustomParser = Options.File };
        var vaultKey = new Option<string?>("--vault-key") { Description = $"The file of the vault's master key. [default: the key in {MasterKey.Variable}]", HelpName = "FILE", CustomParser = Options.File };
        var development = new Option<bool>("--development") { Description = "Make a key that may make every call, and print it; usual for a journal in a file." };
        var clock = new Option<string>("--clock") { Description = "For tests: the lines of streams say which day it is.", HelpName = "stream" }.AcceptOnlyFromAmong("stream");
        var untilInputEnds = new Option<bool>("--until-stdin-closes")
        {
            Description = "End with standard input, and leave Ctrl-C to the process that started the host.",
        };
        var command = new TaughtCommand("serve", "Take commands over HTTP; on PostgreSQL, be a host of a cluster.", Notes)
        {
            journal, http, keys, development, vault, vaultKey, listen, advertise, certificate, authority, rules, partitions, threads, catchUp, clock, untilInputEnds, output,
        };
        command.SetAction((parsed, _) =>
        {
            var address = parsed.GetRequiredValue(journal);
            var counts = PartitionCounts.Of(address);
            var begins = JournalIdentity.OfProduction(
                RulebookPlace.Load(parsed.GetValue(rules) ?? ShippedRulebooks.Amended).Text, counts with { Students = parsed.GetValue(partitions) ?? counts.Students });
            var stops = new Stops(
                parsed.GetValue(untilInputEnds), address.IsPostgres ? "handing the partitions over" : "finishing what is in flight", parsed.GetValue(output));
            if (!address.IsPostgres)
            {
                if (parsed.GetValue(listen) is not null)
                    throw new UsageException($"{address.Display} is a file, and hosts need a journal that they can share: postgres://user@host/database. Without --listen one host serves the file.");
                var settings = LiveSettings.Read(Directory.GetCurrentDirectory());
                var live = new LiveRequest(
                    address.Written, PlaceOf(parsed.GetValue(http), settings), parsed.GetValue(development) ? null : parsed.GetValue(keys) ?? (File.Exists(Access.KeyFile.DefaultName) ? Access.KeyFile.DefaultName : null),
                    parsed.GetValue(vault) is { } folder ? new VaultPlace(folder, parsed.GetValue(vaultKey)) : null, settings, parsed.GetValue(threads), begins, parsed.GetValue(catchUp), parsed.GetValue(clock) is not null);
                return RunAsync(terminal, stops, (served, stop) => new LiveRun(live, terminal).RunAsync((endpoint, key) => served(new Serving(endpoint, null, key)), stop));
            }

            var listens = parsed.GetValue(listen) ?? throw new UsageException("'--listen' is required with a journal in a database: where other hosts reach this one. 127.0.0.1:0 is any free port of this machine.");
            if (parsed.GetValue(vault) is not null)
                throw new UsageException("--vault is for a journal in a file: one process has a vault open, and hosts of a cluster are several.");
            var advertised = parsed.GetValue(advertise);
            var tls = Options.TlsOf(parsed.GetValue(certificate), parsed.GetValue(authority));
            if (tls is null && !IPAddress.IsLoopback(listens.Address))
                throw new UsageException($"--listen {listens} can be reached from other machines: add --tls-certificate and --tls-authority, or name a loopback address.");
            if (advertised is null && (listens.Address.Equals(IPAddress.Any) || listens.Address.Equals(IPAddress.IPv6Any)))
                throw new UsageException($"--listen {listens} is no address by which others could reach this host: say which is with --advertise HOST:{listens.Port}.");
            var hasApi = parsed.GetValue(keys) is not null || parsed.GetValue(development);
            var api = hasApi ? new ApiRequest(parsed.GetValue(development) ? null : parsed.GetValue(keys), LiveSettings.Read(Directory.GetCurrentDirectory()), parsed.GetValue(catchUp), parsed.GetValue(clock) is not null) : null;
            var place = parsed.GetValue(http) ?? new IPEndPoint(IPAddress.Loopback, 0);
            var request = new ServeRequest(address, api is null ? place : PlaceOf(place, api.Settings), listens, advertised, tls, parsed.GetValue(threads), begins) { Api = api };
            return RunAsync(terminal, stops, (served, stop) => new ServeRun(request, terminal).RunAsync((endpoint, host, key) => served(new Serving(endpoint, host, key)), stop));
        });
        return command;
    }

    /// <summary>Beyond this machine keys would cross the network as they are: HTTPS alone is offered there.</summary>
    private static IPEndPoint PlaceOf(IPEndPoint? http, LiveSettings settings) => http is null ? _usualHttp
        : IPAddress.IsLoopback(http.Address) || settings.Certificate is not null ? http
        : throw new UsageException($"--http {http} can be reached from other machines, and keys would cross the network unencrypted: set Https:Certificate (docs/api.md), or name a loopback address.");

    /// <param name="serve">Serves until it is to stop; says where, and under which number, once it does.</param>
    private static async Task<int> RunAsync(Terminal terminal, Stops stops, Func<Action<Serving>, CancellationToken, Task> serve)
    {
        using var stop = new StopSignal(
            terminal.Time, asked: () => terminal.Line($"stopping: {stops.Doing}; a second signal ends at once"), atOnce: () => { }, ignoresInterrupt: stops.UntilInputEnds);

        // Not disposed: the input may end after everything else.
        var inputEnds = new CancellationTokenSource();
        if (stops.UntilInputEnds)
            InputEnd.Watch(inputEnds);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, inputEnds.Token);
        await serve(
            serving =>
            {
                if (stops.Format == OutputFormat.Json)
                    JsonLine.Write(Console.Out, json => Write(json, serving));
                else
                    Terminal.Plain(TextOf(serving));
            },
            either.Token);
        return ExitCode.Done;
    }

    private static string TextOf(Serving serving) => serving switch
    {
        { Host: { } host, Key: null } => $"host {host} serves; its pages are at {serving.Endpoint}",
        { Key: null } => $"serves at {serving.Endpoint}; the API is described at {serving.Endpoint}/scalar",
        _ => $$"""
            {{(serving.Host is { } host ? $"host {host} " : "")}}serves at {{serving.Endpoint}}; the API is described at {{serving.Endpoint}}/scalar
            There is no file of keys: this key may make every call, and is gone when the host ends.

              key={{serving.Key}}

            Try it: a student declares, the institution sends the application on, and the fund is asked.

              curl -H "Authorization: Bearer $key" {{serving.Endpoint}}/v1/students/16/declare -d '{"reference":1,"category":"public_university","cycle":"higher_education","born":"2005-04-02","paid_track":false,"institution":3,"bank_account":true,"year":2026}'
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
    /// <param name="UntilInputEnds">It ends with its standard input, and leaves Ctrl-C to the process that started it.</param>
    /// <param name="Doing">What it does before it ends.</param>
    private sealed record Stops(bool UntilInputEnds, string Doing, OutputFormat Format);
}
