using System.CommandLine;
using System.Net;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Access;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Running;
using Amoe.Host.Telemetry;

namespace Amoe.Host.Verbs;

/// <summary>
/// The options of <c>serve</c>, and what they ask for: a host that has a journal to itself, or one of a cluster.
/// </summary>
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
        Description =
            $"The file of its callers' keys (amoe keys create). [default: {KeyFile.DefaultName} where that is there, or one key that it makes and prints]",
        HelpName = "FILE",
        CustomParser = Options.File,
    };

    private readonly Option<bool> _development = new(
        "--development")
    {
        Description = "Make a key that may make every call, and print it; usual for a journal in a file."
    };
    private readonly Option<string?> _vault = new("--vault")
    {
        Description = "The host's folder of the vault of persons (amoe vault create, amoe vault join).",
        HelpName = "FOLDER",
        CustomParser = Options.File
    };
    private readonly Option<string?> _vaultKey = new(
        "--vault-key")
    {
        Description = $"The file of the vault's master key. [default: the key in {MasterKey.Variable}]",
        HelpName = "FILE",
        CustomParser = Options.File
    };
    private readonly Option<IPEndPoint?> _listen = Options.Listen();
    private readonly Option<DnsEndPoint?> _advertise = Options.Advertise();
    private readonly (Option<string?> Certificate, Option<string?> Authority) _tls = Options.Tls(
        "This host's", "hosts");
    private readonly Option<string> _rules = Options.Rules();
    private readonly Option<int?> _partitions = Options.Partitions();
    private readonly Option<int> _threads = Options.Threads();
    private readonly Option<bool> _catchUp = new(
        "--catch-up")
    {
        Description = "Open every day since the journal's last one, where that is more than a year ago."
    };
    private readonly Option<string> _clock = new Option<string>("--clock")
    {
        Description = "For tests: the lines of streams say which day it is.",
        HelpName = "stream"
    }.AcceptOnlyFromAmong("stream");

    private readonly Option<bool> _metrics = new("--metrics")
    {
        Description = $"Have the host's metrics at {HostTelemetry.MetricsPath}, as Prometheus reads them.",
    };

    private readonly Option<OutputFormat> _log =
        Options.Format("--log", "How lines on standard error are written; text unless json is asked for.");

    private readonly Option<bool> _opening = new("--opening")
    {
        Description = "Take the fund's opening balances, before the first business day, with no other host.",
    };

    public ServeOptions()
    {
        _journal.DefaultValueFactory = _ =>
            JournalAddress.Parse(
                Environment.GetEnvironmentVariable(Options.JournalVariable) is { Length: > 0 } named
                    ? named
                    : UsualJournal);
        _rules.Description =
            $"The rulebook of a new journal: {RulebookPlace.Kinds}. [default: {ShippedRulebooks.Amended}]";
    }

    /// <summary>In the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        _journal, _http, _keys, _development, _vault, _vaultKey, _listen, _advertise, _tls.Certificate, _tls.Authority,
        _rules, _partitions, _threads, _catchUp, _metrics, _log, _clock, _opening,
    ];

    /// <summary>What the host exports, and how it writes its log.</summary>
    /// <exception cref="InputException">The environment names a collector at no address.</exception>
    public TelemetrySettings Telemetry(ParseResult parsed) =>
        new TelemetrySettings(parsed.GetValue(_metrics), parsed.GetValue(_log)).Validated();

    /// <summary>
    /// True where the journal is in a database, and the host one of a cluster: opening balances are taken by one alone.
    /// </summary>
    public bool IsOfCluster(ParseResult parsed) => IsInDatabase(parsed) && !parsed.GetValue(_opening);

    /// <summary>Looks whether the options go together, before anything is read.</summary>
    /// <exception cref="UsageException">They contradict each other, or one is missing.</exception>
    public void RequireNoContradiction(ParseResult parsed)
    {
        if (parsed.GetValue(_development) && parsed.GetValue(_keys) is not null)
            throw new UsageException("--keys and --development are two ways to know callers: name one.");
        if (parsed.GetValue(_opening) && (parsed.GetValue(_catchUp) || parsed.GetValue(_clock) is not null))
            throw new UsageException("--opening takes the days from its lines: leave --catch-up and --clock out.");
        if (parsed.GetValue(_vaultKey) is not null && parsed.GetValue(_vault) is null)
            throw new UsageException("--vault-key is the key of a vault: name the vault's folder with --vault.");
        if (IsInDatabase(parsed))
            RequireNoContradictionInDatabase(parsed);
        if (IsOfCluster(parsed))
            RequireNoContradictionInCluster(parsed);
        else if (parsed.GetValue(_listen) is not null)
            throw new UsageException(
                IsInDatabase(parsed)
                    ? "--opening is for one host alone, and no other reaches it: leave --listen out."
                    : $"{parsed.GetRequiredValue(_journal).Display} is a file, and hosts need a journal that they can share: postgres://user@host/database. Without --listen one host serves the file.");
    }

    /// <summary>What is configured; null where there is no API that would use it.</summary>
    /// <exception cref="InputException">A setting is not known, or of no use.</exception>
    public LiveSettings? Settings(ParseResult parsed) =>
        HasApi(parsed) ? LiveSettings.Read(Directory.GetCurrentDirectory()) : null;

    /// <summary>What a journal is created with where there is none.</summary>
    /// <exception cref="RulebookException">There is no such rulebook, or it is wrong.</exception>
    public JournalIdentity Begins(ParseResult parsed)
    {
        var counts = PartitionCounts.Of(parsed.GetRequiredValue(_journal));
        var rulebook = RulebookPlace.Load(parsed.GetValue(_rules) ?? ShippedRulebooks.Amended);
        return JournalIdentity.OfProduction(
            rulebook.Text, counts with { Students = parsed.GetValue(_partitions) ?? counts.Students });
    }

    /// <summary>The host that is asked for, which has its journal to itself.</summary>
    /// <param name="parsed">Options that go together.</param>
    public LiveRequest Alone(ParseResult parsed, LiveSettings settings, JournalIdentity begins)
    {
        var usualKeys = System.IO.File.Exists(KeyFile.DefaultName) ? KeyFile.DefaultName : null;
        return new LiveRequest(
            parsed.GetRequiredValue(_journal), parsed.GetValue(_http) ?? _usualHttp,
            Api(parsed, usualKeys, settings), VaultOf(parsed), parsed.GetValue(_threads), begins);
    }

    /// <summary>The host of a cluster that is asked for, on a journal in a database.</summary>
    /// <param name="settings">Null where it has no API.</param>
    /// <inheritdoc cref="Alone"/>
    public ServeRequest Cluster(ParseResult parsed, LiveSettings? settings, JournalIdentity begins) => new(
        parsed.GetRequiredValue(_journal), parsed.GetValue(_http) ?? new IPEndPoint(IPAddress.Loopback, 0),
        parsed.GetRequiredValue(_listen)!, parsed.GetValue(_advertise), TlsOf(parsed), parsed.GetValue(_threads),
        begins)
    {
        Api = settings is null ? null : Api(parsed, usualKeys: null, settings),
        Vault = VaultOf(parsed),
    };

    private void RequireNoContradictionInCluster(ParseResult parsed)
    {
        var listens = parsed.GetValue(_listen)
            ?? throw new UsageException(
                "'--listen' is required with a journal in a database: where other hosts reach this one. 127.0.0.1:0 is any free port of this machine.");
        if (TlsOf(parsed) is null && !IPAddress.IsLoopback(listens.Address))
            throw new UsageException(
                $"--listen {listens} can be reached from other machines: add --tls-certificate and --tls-authority, or name a loopback address.");
        if (parsed.GetValue(_advertise) is null
            && (listens.Address.Equals(IPAddress.Any) || listens.Address.Equals(IPAddress.IPv6Any)))
            throw new UsageException(
                $"--listen {listens} is no address by which others could reach this host: say which is with --advertise HOST:{listens.Port}.");
    }

    private void RequireNoContradictionInDatabase(ParseResult parsed)
    {
        if (!HasApi(parsed) && parsed.GetValue(_vault) is not null)
            throw new UsageException("--vault is for a host with an API: add --keys or --development.");
        if (!HasApi(parsed) && (parsed.GetValue(_catchUp) || parsed.GetValue(_clock) is not null))
            throw new UsageException("--catch-up and --clock are for a host with an API: add --keys or --development.");
        if (!HasApi(parsed) && parsed.GetValue(_opening))
            throw new UsageException("--opening takes its lines over HTTP: add --keys or --development.");
    }

    private bool IsInDatabase(ParseResult parsed) => parsed.GetRequiredValue(_journal).IsPostgres;

    private bool HasApi(ParseResult parsed) =>
        !IsInDatabase(parsed) || parsed.GetValue(_keys) is not null || parsed.GetValue(_development);

    private MutualTls? TlsOf(ParseResult parsed) =>
        Options.TlsOf(parsed.GetValue(_tls.Certificate), parsed.GetValue(_tls.Authority));

    private VaultPlace? VaultOf(ParseResult parsed) =>
        parsed.GetValue(_vault) is { } folder ? new VaultPlace(folder, parsed.GetValue(_vaultKey)) : null;

    private ApiRequest Api(ParseResult parsed, string? usualKeys, LiveSettings settings) => new(
        parsed.GetValue(_development) ? null : parsed.GetValue(_keys) ?? usualKeys, settings, parsed.GetValue(_catchUp),
        parsed.GetValue(_clock) is not null)
    {
        IsOpening = parsed.GetValue(_opening),
    };
}
