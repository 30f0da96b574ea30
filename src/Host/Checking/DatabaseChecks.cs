using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Host.Http;
using Amoe.Host.Live;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Checking;

/// <summary>
/// The checks of a host on a journal in PostgreSQL: of a cluster, or alone where it takes opening balances.
/// </summary>
internal static class DatabaseChecks
{
    /// <summary>A turn waits for its commit: beyond this a host decides a few dozen turns a second.</summary>
    private static readonly TimeSpan _commitMax = TimeSpan.FromMilliseconds(20);

    /// <summary>Leases are by the server's clock alone; what is logged on either side should fit together.</summary>
    private static readonly TimeSpan _clockMax = TimeSpan.FromSeconds(2);

    /// <param name="isConfigured">False where the settings cannot be read.</param>
    public static void Run(CheckList checks, ServeRequest request, bool isConfigured, TimeProvider time)
    {
        HostChecks.Http(checks, request.Http, isConfigured ? request.Api : null);
        if (request.Api is { } api)
        {
            HostChecks.Api(checks, api, isConfigured, time);
            HostChecks.Vault(checks, request.Vault, isOfCluster: true);
        }

        var host = new Asked(request.Journal, request.Api, request.Threads, IsAlone: false);
        Run(checks, host, time, () => Listen(checks, request, time));
    }

    /// <inheritdoc cref="Run(CheckList, ServeRequest, bool, TimeProvider)"/>
    public static void Run(CheckList checks, LiveRequest request, bool isConfigured, TimeProvider time)
    {
        HostChecks.Http(checks, request.Http, isConfigured ? request.Api : null);
        HostChecks.Api(checks, request.Api, isConfigured, time);
        HostChecks.Vault(checks, request.Vault, isOfCluster: true);
        var host = new Asked(request.Journal, request.Api, request.Threads, IsAlone: true);
        Run(checks, host, time, listen: () => { });
    }

    /// <param name="listen">Checks how other hosts reach this one.</param>
    private static void Run(CheckList checks, Asked host, TimeProvider time, Action listen)
    {
        using var database = checks.Run<PostgresInspection>("database", () => Connect(host.Journal));
        var journal = database is null ? null : checks.Run<FoundJournal>("journal", () => Journal(database, host));
        listen();
        if (database is null)
            checks.Skip("the database cannot be used", "journal", "grants", "hosts", "server_settings", "connections",
                "server_clock", "commit", "disk");
        else
            RunOn(checks, database, host, journal, time);
    }

    private static void Listen(CheckList checks, ServeRequest request, TimeProvider time)
    {
        checks.Run("tls", () => Tls(request.Tls, time));
        checks.Run("listen", () =>
        {
            HostServer.Check(request.Listen, "--listen");
            return Finding.Ok($"{request.Listen} can be listened on");
        });
    }

    private static void RunOn(
        CheckList checks, PostgresInspection database, Asked host, FoundJournal? journal, TimeProvider time)
    {
        checks.Run("grants", () => Grants(database));
        IReadOnlyList<HostRow>? hosts = null;
        if (journal is null)
            checks.Skip("the journal cannot be read", "hosts");
        else
            hosts = checks.Run<IReadOnlyList<HostRow>>("hosts", () => journal.Book is null
                ? (null, Finding.Ok("not asked: there are no tables of this version yet"))
                : Hosts(database, host.IsAlone));
        if (host.Api is { OpensDays: true } api)
            checks.Run("clock", () => HostChecks.Clock(journal?.Book?.LastDay ?? default, api.CatchesUp, time));
        checks.Run("server_settings", () => Settings(database));
        checks.Run("connections", () => Connections(database, hosts ?? [], host.Threads));
        checks.Run("server_clock", () => ServerClock(database, time));
        checks.Run("commit", () => Commit(database));
        checks.Run("disk", () => Finding.Ok(
            $"the database has {Format.Bytes(database.SizeBytes())}; how much its disk has left no statement says: watch it on the server"));
    }

    private static (PostgresInspection?, Finding) Connect(JournalAddress address)
    {
        var inspection = PostgresInspection.Open(address);
        try
        {
            return (inspection, Connection(inspection));
        }
        catch
        {
            inspection.Dispose();
            throw;
        }
    }

    private static Finding Connection(PostgresInspection inspection)
    {
        var (database, server) = (inspection.Database, inspection.Server());
        var found =
            $"{database.Name}: PostgreSQL {server.Version}, UTF8, {(server.Tls is { } tls ? $"TLS ({tls})" : "not encrypted")}";
        return database.IsLocal || (server.Tls is not null && database.VerifiesServer)
            ? Finding.Ok(found)
            : Finding.Warning(
                $"{found}, and nothing proves that it is this server",
                "Over a network use sslmode=verify-full and sslrootcert in the address.");
    }

    private static (FoundJournal?, Finding) Journal(PostgresInspection database, Asked host)
    {
        var name = host.Journal.Display;
        if (database.Journal() is not var (version, known))
            return (new FoundJournal(null), Finding.Ok($"{name}: there is none, and an empty one is begun"));
        if (version < known)
            return (new FoundJournal(null), Finding.Warning(
                $"{name}: its tables are of version {version}",
                $"The start brings them to {known}: end every host of an older program before."));
        using var journal = Journals.OpenReadOnly(host.Journal);
        if (host.Api is not null)
            ApiJournal.RequireProduction(
                journal.Identity, name, host.IsAlone ? ApiJournal.OrAnother : ApiJournal.OrWithoutApi);
        var book = journal.ReadBook()!;
        JournalOpening.Require(book, name, host.IsAlone);
        return (new FoundJournal(book), Finding.Ok(
            $"{name}: it can be read; {journal.Identity.StudentPartitions} partitions of students, {HostChecks.LastDay(book)}"));
    }

    private static Finding Tls(MutualTls? tls, TimeProvider time)
    {
        if (tls is null)
            return Finding.Ok("none: hosts and senders are on this machine");
        try
        {
            tls.Load(_ => { });
        }
        catch (MutualTlsException e)
        {
            throw new InputException(e.Message);
        }

        using var certificate = X509Certificate2.CreateFromPemFile(tls.CertificateFile);
        return HostChecks.Validity(tls.CertificateFile, certificate, time);
    }

    private static Finding Grants(PostgresInspection database)
    {
        var user = database.Database.User;
        if (database.Privileges() is not { } more)
            return Finding.Ok(
                $"there are no tables yet: {user} will own them. Another role is granted what it needs by amoe journal grant");
        return more.Count > 0
            ? Finding.Warning(
                $"{user} has what a host needs, and {string.Join(", ", more)} as well",
                "A role of its own cannot change what was appended: amoe journal grant ROLE.")
            : Finding.Ok($"{user} has what a host needs, and can change nothing that was appended");
    }

    private static (IReadOnlyList<HostRow>?, Finding) Hosts(PostgresInspection database, bool isAlone)
    {
        var hosts = database.Hosts();
        if (isAlone && hosts.Count > 0)
            throw new JournalException(
                $"{database.Database.Name}: {PostgresLease.InUseByHosts(hosts.Select(host => host.Endpoint))}");
        return (hosts, Finding.Ok(
            hosts.Count == 0 ? isAlone ? "none lives" : "none lives: this one founds the cluster"
            : $"{hosts.Count} live: {string.Join(", ", hosts.Select(host => host.Endpoint))}"));
    }

    /// <summary>What the server has to keep of what it said is durable.</summary>
    private static Finding Settings(PostgresInspection database)
    {
        var settings = database.Settings(
            "fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names");
        var found = string.Join(
            ", ", settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(
            setting => $"{setting.Key} {(setting.Value.Length > 0 ? setting.Value : "(empty)")}"));
        string[] off = [.. ((string[])["fsync", "full_page_writes"]).Where(name => settings[name] != "on")];
        return off.Length > 0
            ? Finding.Warning(
                found, $"Set {string.Join(" and ", off)} on: a crash of the server would lose what was acknowledged.")
            : settings["synchronous_standby_names"].Length == 0 && database.Standbys() is > 0 and var standbys
                ? Finding.Warning(
                    $"{found}; {standbys} standbys follow",
                    "Set synchronous_standby_names: a standby that takes over may lack what was acknowledged.")
            : Finding.Ok(found);
    }

    private static Finding Connections(PostgresInspection database, IReadOnlyList<HostRow> hosts, int threads)
    {
        var settings = database.Settings("max_connections", "superuser_reserved_connections", "reserved_connections");
        int Number(string name) => int.Parse(settings.GetValueOrDefault(name, "0"), CultureInfo.InvariantCulture);
        var (free, each) = (
            Number("max_connections") - Number("superuser_reserved_connections") - Number("reserved_connections"),
            PostgresDatabase.ConnectionsOfHost(threads));
        var found = $"the server has {free}; a host like this one opens at most {each}, and {hosts.Count} others live";
        return (hosts.Count + 1) * each <= free
            ? Finding.Ok(found)
            : Finding.Warning(
                found,
                $"Raise max_connections of the server to {(hosts.Count + 1) * each + Number("max_connections") - free} or more.");
    }

    private static Finding ServerClock(PostgresInspection database, TimeProvider time)
    {
        var ahead = database.ClockAhead(time);
        var found =
            $"the server's is {Format.Seconds(ahead.Duration())} s {(ahead < TimeSpan.Zero ? "behind" : "ahead of")} this machine's";
        return ahead.Duration() <= _clockMax ? Finding.Ok(found) : Finding.Warning(found, "Keep both set, as by NTP.");
    }

    private static Finding Commit(PostgresInspection database)
    {
        var (roundTrip, commit) = database.Measure();
        var found = $"a round trip takes {Ms(roundTrip)}, and a commit {Ms(commit)} more until it is on disk (medians)";
        return commit <= _commitMax ? Finding.Ok(found) : Finding.Warning(
            found, "Every turn waits as long: look at the server's disk, and at what else writes to it.");
    }

    private static string Ms(TimeSpan time) => Format.Ms((decimal)time.Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>The host that is asked about.</summary>
    /// <param name="Api">Null where it has none.</param>
    /// <param name="IsAlone">True for one that takes opening balances, beside no other.</param>
    private sealed record Asked(JournalAddress Journal, ApiRequest? Api, int Threads, bool IsAlone);

    /// <param name="Book">Null where the journal is begun, or brought up to date, by the start.</param>
    private sealed record FoundJournal(JournalBook? Book);
}
