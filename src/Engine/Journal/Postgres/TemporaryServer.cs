using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// A PostgreSQL server of this process's own in a temporary folder, on a free port of the loopback, as durable as one
/// in production. It is gone at the end of the process, killed with -9 too.
/// </summary>
internal class TemporaryServer : IDisposable
{
    /// <summary>Owns the journal's database, and may do nothing else.</summary>
    public const string AppRole = "amoe";

    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(10);

    private readonly Process _watcher;
    private readonly string _superPassword = Password();
    private readonly IReadOnlyList<string> _settings;

    /// <param name="under">
    /// The folder in which everything of it is to be, one to each; null for a temporary one.
    /// </param>
    /// <param name="settings">Further settings, each <c>name=value</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// No server is installed, or it does not start: one line says why.
    /// </exception>
    protected TemporaryServer(string? under, IReadOnlyList<string> settings)
    {
        if (PostgresPrograms.Missing is { } missing)
            throw new InvalidOperationException(missing);
        _settings = settings;
        Folder = under is null
            ? Directory.CreateTempSubdirectory("amoe-postgres-").FullName
            : Directory.CreateDirectory(Path.Combine(under, "amoe-postgres")).FullName;
        _watcher = Watch(Folder);
        try
        {
            Initialise();
            Launch(isFirst: true);
            Execute($"CREATE ROLE {AppRole} LOGIN PASSWORD '{AppPassword}'");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Free when the server was first started; the same after every restart.</summary>
    public int Port { get; private set; }

    public string AppPassword { get; } = Password();

    /// <summary>
    /// A connection string that may do anything, to the database <c>postgres</c>; connections are not pooled.
    /// </summary>
    public string Superuser => Connection("postgres", _superPassword, "postgres");

    /// <summary>The server's log.</summary>
    public string Log => File.ReadAllText(Path.Combine(Folder, "log"));

    public string DataFolder => Path.Combine(Folder, "data");

    protected string Folder { get; }

    /// <summary>Null while it does not run.</summary>
    protected Process? Postmaster { get; private set; }

    /// <summary>Starts one.</summary>
    /// <exception cref="JournalException">
    /// No server is installed, or it does not start: one line says why, and what to do.
    /// </exception>
    public static TemporaryServer Start()
    {
        try
        {
            return new TemporaryServer(null, []);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException
            or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"a database for this run cannot be made: {e.Message.Split('\n')[0]}. Name one that is there with --journal postgres://user@host/database.",
                e);
        }
    }

    /// <summary>
    /// Makes an empty database that <see cref="AppRole"/> owns, and returns its address with the password.
    /// </summary>
    public string CreateDatabase(string name)
    {
        Execute($"CREATE DATABASE {name} OWNER {AppRole}");
        return AddressOf(name);
    }

    /// <summary>Runs statements as the superuser.</summary>
    public void Execute(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(Connection("postgres", _superPassword, database));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>A connection string; connections are not pooled.</summary>
    public string Connection(string user, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = user,
            Password = password,
            Database = database,
            Pooling = false
        }.ToString();

    public void Dispose()
    {
        if (Postmaster is not null)
        {
            Signal(Postmaster.Id, "QUIT");
            AwaitEnd();
        }

        // The watcher clears up when its input ends.
        _watcher.StandardInput.Close();
        _watcher.WaitForExit();
        _watcher.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The address of a database for <see cref="AppRole"/>, with the password.</summary>
    protected string AddressOf(string database) => $"postgres://{AppRole}:{AppPassword}@127.0.0.1:{Port}/{database}";

    protected static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>Starts the server, and returns when it takes connections.</summary>
    /// <param name="isFirst">True while its port may still be another one.</param>
    protected void Launch(bool isFirst)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = Port != 0 ? Port : FreePort();
            Postmaster = StartPostmaster();
            if (TakesConnections(Postmaster))
                return;
            Postmaster.Dispose();
            Postmaster = null;

            // Another process may have taken the port since we looked.
            if (!Log.Contains("Address already in use", StringComparison.Ordinal) || attempt == 5 || !isFirst)
                throw new InvalidOperationException($"PostgreSQL did not start: {Log}");
            Port = 0;
        }
    }

    protected void AwaitEnd()
    {
        if (!Postmaster!.WaitForExit(Patience))
            throw new TimeoutException($"the server is still running after {Patience.TotalSeconds} s");
        Postmaster!.Dispose();
        Postmaster = null;
    }

    private static string Password() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Waits for this process to end, however it does, then ends the server and removes the folder.</summary>
    private static Process Watch(string folder)
    {
        const string Script = """
            trap '' INT TERM HUP
            read -r _
            lock="$1/data/postmaster.pid"
            pid=$(head -n 1 "$lock" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null && while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
            # A server that was killed leaves its lock file and the shared memory that is named in its seventh line.
            [ -f "$lock" ] && ipcrm -m "$(sed -n '7s/.* //p' "$lock")" 2>/dev/null
            rm -rf "$1"
            """;
        return Process.Start(
            new ProcessStartInfo(
                "sh", ["-c", Script, "sh", folder])
            { RedirectStandardInput = true, WorkingDirectory = "/" })!;
    }

    /// <summary>
    /// Below those from which the system gives ports to clients: one of them could be another's while the server is
    /// down.
    /// </summary>
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(10_000, 32_768));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Another process has it.
            }
        }
    }

    private void Initialise()
    {
        var passwordFile = Path.Combine(Folder, "password");
        File.WriteAllText(passwordFile, _superPassword);
        if (PostgresPrograms.Account is { } account)
            Run(new ProcessStartInfo("chown", ["-R", $"{account.User}:{account.Group}", Folder]));

        // The server syncs all it writes; its first files need not survive a power failure.
        Run(
            PostgresPrograms.Start(
                "initdb", "-D", DataFolder, "-U", "postgres", "--pwfile", passwordFile, "--auth=scram-sha-256", "-E",
                "UTF8", "--locale=C", "--no-sync"));
        File.Delete(passwordFile);
    }

    private Process StartPostmaster()
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={Port}", $"unix_socket_directories={Folder}", "fsync=on",
            "synchronous_commit=on", "full_page_writes=on",
            "shared_buffers=64MB", "max_connections=200", "max_wal_size=2GB", "logging_collector=off",
            "log_min_messages=warning", .. _settings,
        ];
        var start = PostgresPrograms.Start(
            "postgres", ["-D", DataFolder, .. settings.SelectMany(setting => new[] { "-c", setting })]);

        // A shell that becomes the server: its log goes to a file without a process that has to pass it on.
        string[] command = [start.FileName, .. start.ArgumentList];
        (start.FileName, var log) = ("sh", Path.Combine(Folder, "log"));
        start.ArgumentList.Clear();
        foreach (var argument in new[] { "-c", "exec \"$@\" 2>>\"$0\"", log }.Concat(command))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <returns>False when it has ended instead.</returns>
    private bool TakesConnections(Process postmaster)
    {
        for (var watch = Stopwatch.StartNew(); !postmaster.WaitForExit(_lookEvery);)
        {
            if (IsUp())
                return true;
            if (watch.Elapsed <= Patience)
                continue;
            Signal(postmaster.Id, "KILL");
            AwaitEnd();
            throw new TimeoutException($"the server takes no connections after {Patience.TotalSeconds} s");
        }

        return false;
    }

    private bool IsUp()
    {
        try
        {
            using var connection = new NpgsqlConnection(Superuser);
            connection.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static void Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{start.FileName} ended with {process.ExitCode}: {output}{error.Result}");
    }
}
