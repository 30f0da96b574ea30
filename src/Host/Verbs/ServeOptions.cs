using System.CommandLine;
using System.Net;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Access;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary>The options of <c>serve</c>, and what they ask for: a host on a file, or one of a cluster.</summary>
internal sealed class ServeOptions
{
    /// <summary>The journal where none is named.</summary>
    private const string UsualJournal = "live.amoe";

    private static readonly IPEndPoint _usualHttp = new(IPAddress.Loopback, 5100);

    private readonly Option<JournalAddress> _journal = Options.JournalToKeep(
        $"The journal: a file, or postgres://user@host:port/database. Left out, it is the one that {Options.JournalVariable} names, or {UsualJournal}.");

    private readonly Option<IPEndPoint?> _http = Options.Http();

    private readonly Option<string?> _keys = new("--keys")
    {
        Description = $"The file of its callers' keys (amoe keys create). [default: {KeyFile.DefaultName} where that is there, or one key that it makes and prints]",
        HelpName = "FILE",
        CustomParser = Options.File,
    };

    private readonly Option<bool> _development = new("--development") { Description = "Make a key that may make every call, and print it; usual for a journal in a file." };
    private readonly Option<string?> _vault = new("--vault") { Description = "The folder of the vault of persons (amoe vault create).", HelpName = "FOLDER", CustomParser = Options.File };
    private readonly Option<string?> _vaultKey = new("--vault-key") { Description = $"The file of the vault's master key. [default: the key in {MasterKey.Variable}]", HelpName = "FILE", CustomParser = Options.File };
    private readonly Option<IPEndPoint?> _listen = Options.Listen();
    private readonly Option<DnsEndPoint?> _advertise = Options.Advertise();
    private readonly (Option<string?> Certificate, Option<string?> Authority) _tls = Options.Tls("This host's", "hosts");
    private readonly Option<string> _rules = Options.Rules();
    private readonly Option<int?> _partitions = Options.Partitions();
    private readonly Option<int> _threads = Options.Threads();
    private readonly Option<bool> _catchUp = new("--catch-up") { Description = "Open every day since the journal's last one, where that is more than a year ago." };
    private readonly Option<string> _clock = new Option<string>("--clock") { Description = "For tests: the lines of streams say which day it is.", HelpName = "stream" }.AcceptOnlyFromAmong("stream");

    private readonly Option<bool> _opening = new("--opening")
    {
        Description = "Take the fund's opening balances, before the first business day.",
    };

    public ServeOptions()
    {
        _journal.DefaultValueFactory = _ => JournalAddress.Parse(Environment.GetEnvironmentVariable(Options.JournalVariable) is { Length: > 0 } named ? named : UsualJournal);
        _rules.Description = $"The rulebook of a new journal: {RulebookPlace.Kinds}. [default: {ShippedRulebooks.Amended}]";
    }

    /// <summary>In the order of the help.</summary>
    public IEnumerable<Option> All =>
        [_journal, _http, _keys, _development, _vault, _vaultKey, _listen, _advertise, _tls.Certificate, _tls.Authority,
            _rules, _partitions, _threads, _catchUp, _clock, _opening];

    /// <summary>The host on a file that is asked for; null where the journal is in a database.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    /// <exception cref="InputException">A setting is not known, or of no use.</exception>
    public LiveRequest? File(ParseResult parsed)
    {
        RequireNoContradiction(parsed);
        var address = parsed.GetRequiredValue(_journal);
        if (address.IsPostgres)
            return null;
        if (parsed.GetValue(_listen) is not null)
            throw new UsageException($"{address.Display} is a file, and hosts need a journal that they can share: postgres://user@host/database. Without --listen one host serves the file.");
        var api = Api(parsed, usualKeys: System.IO.File.Exists(KeyFile.DefaultName) ? KeyFile.DefaultName : null);
        var vault = parsed.GetValue(_vault) is { } folder ? new VaultPlace(folder, parsed.GetValue(_vaultKey)) : null;
        return new LiveRequest(address.Written, Reachable(parsed.GetValue(_http) ?? _usualHttp, api), api, vault, parsed.GetValue(_threads), Begins(parsed, address));
    }

    /// <summary>The host of a cluster that is asked for, on a journal in a database.</summary>
    /// <inheritdoc cref="File"/>
    public ServeRequest Cluster(ParseResult parsed)
    {
        var address = parsed.GetRequiredValue(_journal);
        var listens = parsed.GetValue(_listen) ?? throw new UsageException("'--listen' is required with a journal in a database: where other hosts reach this one. 127.0.0.1:0 is any free port of this machine.");
        if (parsed.GetValue(_opening))
            throw new UsageException(
                "--opening is for a journal in a file: one host takes opening balances, and opens their days.");
        if (parsed.GetValue(_vault) is not null)
            throw new UsageException("--vault is for a journal in a file: one process has a vault open, and hosts of a cluster are several.");
        var (advertised, tls) = (parsed.GetValue(_advertise), Options.TlsOf(parsed.GetValue(_tls.Certificate), parsed.GetValue(_tls.Authority)));
        if (tls is null && !IPAddress.IsLoopback(listens.Address))
            throw new UsageException($"--listen {listens} can be reached from other machines: add --tls-certificate and --tls-authority, or name a loopback address.");
        if (advertised is null && (listens.Address.Equals(IPAddress.Any) || listens.Address.Equals(IPAddress.IPv6Any)))
            throw new UsageException($"--listen {listens} is no address by which others could reach this host: say which is with --advertise HOST:{listens.Port}.");
        var hasApi = parsed.GetValue(_keys) is not null || parsed.GetValue(_development);
        if (!hasApi && (parsed.GetValue(_catchUp) || parsed.GetValue(_clock) is not null))
            throw new UsageException("--catch-up and --clock are for a host with an API: add --keys or --development.");
        var (api, http) = (hasApi ? Api(parsed, usualKeys: null) : null, parsed.GetValue(_http) ?? new IPEndPoint(IPAddress.Loopback, 0));
        return new ServeRequest(address, api is null ? http : Reachable(http, api), listens, advertised, tls, parsed.GetValue(_threads), Begins(parsed, address)) { Api = api };
    }

    private void RequireNoContradiction(ParseResult parsed)
    {
        if (parsed.GetValue(_development) && parsed.GetValue(_keys) is not null)
            throw new UsageException("--keys and --development are two ways to know callers: name one.");
        if (parsed.GetValue(_opening) && (parsed.GetValue(_catchUp) || parsed.GetValue(_clock) is not null))
            throw new UsageException("--opening takes the days from its lines: leave --catch-up and --clock out.");
        if (parsed.GetValue(_vaultKey) is not null && parsed.GetValue(_vault) is null)
            throw new UsageException("--vault-key is the key of a vault: name the vault's folder with --vault.");
    }

    private ApiRequest Api(ParseResult parsed, string? usualKeys) => new(
        parsed.GetValue(_development) ? null : parsed.GetValue(_keys) ?? usualKeys,
        LiveSettings.Read(Directory.GetCurrentDirectory()), parsed.GetValue(_catchUp),
            parsed.GetValue(_clock) is not null)
    {
        IsOpening = parsed.GetValue(_opening),
    };

    private JournalIdentity Begins(ParseResult parsed, JournalAddress address)
    {
        var counts = PartitionCounts.Of(address);
        return JournalIdentity.OfProduction(
            RulebookPlace.Load(parsed.GetValue(_rules) ?? ShippedRulebooks.Amended).Text, counts with { Students = parsed.GetValue(_partitions) ?? counts.Students });
    }

    /// <summary>Beyond this machine keys would cross the network as they are: HTTPS alone is offered there.</summary>
    private static IPEndPoint Reachable(IPEndPoint http, ApiRequest api) => IPAddress.IsLoopback(http.Address) || api.Settings.Certificate is not null
        ? http
        : throw new UsageException($"--http {http} can be reached from other machines, and keys would cross the network unencrypted: set Https:Certificate (docs/api.md), or name a loopback address.");
}
