using System.Diagnostics;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>Where this machine has the programs of a PostgreSQL server, and as which user they may run.</summary>
internal static class PostgresPrograms
{
    private static readonly string[] _needed = ["initdb", "postgres", "pg_dump", "pg_restore"];

    private static readonly Lazy<string?> _folder = new(Find);

    private static readonly Lazy<(string User, string Group)?> _account = new(() =>
        Environment.IsPrivilegedProcess ? FindAccount() : null);

    /// <summary>Why no server can be started here and what to do, in one line; null when one can.</summary>
    public static string? Missing =>
        _folder.Value is null
            ? "no PostgreSQL server is installed here (initdb, postgres, pg_dump and pg_restore are together in no folder of PATH, nor where pg_config says, nor in /usr/lib/postgresql/*/bin): install it, on Debian with apt-get install postgresql"
        : Environment.IsPrivilegedProcess && Account is null
        ? "PostgreSQL will not run as root, and there is no account postgres or nobody to run it as"
        : null;

    /// <summary>
    /// As which user to run it where this process is root, as (user id, group id) in digits; null where none fits, or
    /// this process is not root.
    /// </summary>
    public static (string User, string Group)? Account => _account.Value;

    /// <summary>The full path of a program such as <c>pg_dump</c>.</summary>
    public static string PathOf(string name) =>
        Path.Combine(_folder.Value ?? throw new InvalidOperationException(Missing), name);

    /// <summary>
    /// Starts a program as a user that is not root. The starter becomes that program, so the process id is the
    /// program's own.
    /// </summary>
    public static ProcessStartInfo Start(string name, params IEnumerable<string> arguments)
    {
        var start = Account is { } account
            ? new ProcessStartInfo(
                "setpriv",
                [$"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", "--", PathOf(name)])
            : new ProcessStartInfo(PathOf(name));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        // That user may enter neither this folder nor this home.
        start.WorkingDirectory = "/";
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["LC_ALL"] = "C";
        foreach (var setting in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal))
            .ToList())
            start.Environment.Remove(setting);
        return start;
    }

    private static string? Find()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        return onPath.Concat(Configured())
            .Concat(packaged)
            .FirstOrDefault(folder => _needed.All(name => File.Exists(Path.Combine(folder, name))));
    }

    private static IEnumerable<string> Configured()
    {
        try
        {
            using var config = Process.Start(
                new ProcessStartInfo("pg_config", "--bindir") { RedirectStandardOutput = true })!;
            var folder = config.StandardOutput.ReadToEnd().Trim();
            config.WaitForExit();
            return config.ExitCode == 0 ? [folder] : [];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no pg_config: it comes with the development package.
            return [];
        }
    }

    private static (string User, string Group)? FindAccount() =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3 && fields[0] is "postgres" or "nobody")
            .OrderByDescending(fields => fields[0])
            .Select(fields => ((string, string)?)(fields[2], fields[3]))
            .FirstOrDefault();
}
