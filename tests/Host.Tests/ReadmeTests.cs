using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Amoe.Engine.Journal.Postgres;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Host.Tests;

/// <summary>
/// Runs the commands of README.md as a person would: line after line, in one shell, on a machine that has done nothing
/// before. Its folder and home are new, its server has neither role nor database.
/// </summary>
public sealed partial class ReadmeTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary>Lines that are not run here, by their beginning.</summary>
    private static readonly (string Begins, string Because)[] _elsewhere =
    [
        ("dotnet run -c Release --project src/Host -- simulate",
            "CI runs the national year, and HostedYearTests a year on three hosts"),
        ("dotnet test AmoeActors.sln", "this is one of its tests"),
        ("dotnet pack src/Host -c Release", "CI packs the tool"),
        ("dotnet tool install amoe --global", "CI installs the tool and starts it"),
    ];

    /// <summary>The output that a line has to write, and its exit code where that is not 0.</summary>
    private static readonly (string Begins, string Writes, int ExitCode)[] _promises =
    [
        ("export PATH=", "", 0),
        ("eval \"$(amoe completions bash)\"", "", 0),
        ("amoe simulate --scale 0.01 --journal year.amoe", "scale 0.01, seed 42: complete", 0),
        ("amoe journal info --journal year.amoe", "Scenario   national-year, scale 0.01, seed 42", 0),
        ("amoe journal show --journal year.amoe --student 16", "carry over registration 2024 of student 16 - done", 0),
        ("amoe simulate persons --index 15", "student             16", 0),
        ("amoe simulate world provider --number 12", "number              12", 0),
        ("amoe verify --journal year.amoe", "Digest", 0),
        ("amoe explain --journal year.amoe --student 16", "Student 16, as known on 31 January 2027", 0),
        ("amoe rules show B1 --on 2024-01-15", "base_centimes: 8000", 0),
        ("amoe rules diff amoe hypothetical-cnss", "CNSS", 1),
        ("amoe rules test tests/Rules", "977 cases of 9 files: all as expected", 0),
        ("amoe simulate late-facts --scale 0.01", "late-facts, scale 0.01, seed 42: complete", 0),
        ("sudo apt-get install -y postgresql", "", 0),
        ("password=", "", 0),
        ("sudo -u postgres psql", "CREATE ROLE", 0),
        ("sudo -u postgres createdb", "", 0),
        ("(umask 077;", "", 0),
        ("export AMOE_JOURNAL=", "", 0),
        ("amoe simulate --scale 0.01 --journal \"$AMOE_JOURNAL\" &", "", 0),
        ("while kill -0 $!", "Scenario   national-year, scale 0.01, seed 42", 0),
        ("kill -9 $!", "", 0),
        ("amoe simulate --scale 0.01 --journal \"$AMOE_JOURNAL\" --resume", "scale 0.01, seed 42: complete", 0),
        ("amoe verify  ", "Digest", 0),
        ("amoe simulate --scale 0.01 --hosts 2", "scale 0.01, seed 42: complete", 0),
        ("amoe serve --http", "", 0),
        ("until [ -s serve.json ]", "", 0),
        ("ask()", "", 0),
        ("send()", "", 0),
        ("send declare ", "\"outcome\":\"done\"", 0),
        ("send forward_application ", "\"outcome\":\"done\"", 0),
        ("send transmit_application ", "\"outcome\":\"done\"", 0),
        ("send answer_from_anam ", "\"outcome\":\"application_accepted\"", 0),
        ("ask /entitlement", "\"entitled\":true", 0),
        ("send claims/1/deposit_claim ", "\"outcome\":\"done\"", 0),
        ("send claims/1/receive_claim ", "\"outcome\":\"claim_payable\"", 0),
        ("send claims/1/order_payment ", "\"outcome\":\"done\"", 0),
        ("send claims/1/confirm_payment ", "\"outcome\":\"done\"", 0),
        ("ask /claims/1", "\"status\":\"paid\",\"method\":\"bank_transfer\",\"payable_centimes\":6400", 0),
        ("amoe explain --journal live.amoe", "Student 16", 0),
        ("amoe serve --listen", "its pages are at http://127.0.0.1:", 0),
        ("curl --retry", "{\"ready\":true}", 0),
        ("amoe cluster status", "12", 0),
        ("kill $! && wait $!", "", 0),
    ];

    private static readonly string _root = Root();

    [PostgresFact]
    public async Task Every_line_does_what_the_document_says_on_a_machine_that_did_the_lines_before()
    {
        using var folder = new TestFolder();
        using var server = PrivatePostgres.Start("fsync=off");
        // The role is what the path creates.
        server.Execute($"DROP ROLE {TemporaryServer.AppRole}");
        string[] lines = [.. Lines().Where(IsRunHere)];

        var codes = await RunAsync(folder, server, lines);

        foreach (var (number, line) in lines.Index())
        {
            Assert.True(number < codes.Length, $"the path ended before «{line}»");
            var (written, said) = (await File.ReadAllTextAsync(folder.File($"{number}.out")),
                await File.ReadAllTextAsync(folder.File($"{number}.err")));
            Assert.True(
                Promise(line).ExitCode == codes[number], $"«{line}» ended with {codes[number]}: {written}{said}");
            Assert.True(
                written.Contains(Promise(line).Writes, StringComparison.Ordinal), $"«{line}» wrote: {written}{said}");
        }

        // The year of the file, of the journal whose process was killed, and of the hosts.
        var digests = lines.Index()
            .Where(at =>
                at.Item.StartsWith("amoe simulate --scale 0.01", StringComparison.Ordinal)
                    || at.Item.StartsWith("amoe verify", StringComparison.Ordinal))
            .Select(at => Digest().Match(File.ReadAllText(folder.File($"{at.Index}.out"))))
            .Where(found => found.Success)
            .Select(found => found.Groups["digest"].Value);
        Assert.Equal(5, digests.Count());
        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void Every_line_is_run_here_or_named_with_the_place_that_runs_it() =>
        Assert.All(Lines(), line => Assert.True(
            _elsewhere.Count(other => line.StartsWith(other.Begins, StringComparison.Ordinal))
                + _promises.Count(promise => line.StartsWith(promise.Begins, StringComparison.Ordinal)) == 1, line));

    [Fact]
    public void Every_line_that_starts_the_program_says_what_it_costs() =>
        Assert.All(
            Lines().Where(line => line.StartsWith("amoe ", StringComparison.Ordinal)),
            line => Assert.Matches(@"  # \d+(\.\d)? s\b", line));

    private static bool IsRunHere(string line) =>
        !Array.Exists(_elsewhere, other => line.StartsWith(other.Begins, StringComparison.Ordinal));

    private static (string Begins, string Writes, int ExitCode) Promise(string line) =>
        _promises.Single(promise => line.StartsWith(promise.Begins, StringComparison.Ordinal));

    /// <summary>The lines of the document's blocks of commands.</summary>
    private static List<string> Lines()
    {
        List<string> lines = [];
        var isCommands = false;
        foreach (var line in File.ReadLines(Path.Combine(_root, "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCommands = line == "```sh";
            else if (isCommands && line.Length > 0)
                lines.Add(line);
        }

        return lines;
    }

    /// <returns>What each line ended with, up to the first that ended otherwise than it should.</returns>
    private static async Task<int[]> RunAsync(TestFolder folder, PrivatePostgres server, string[] lines)
    {
        Directory.CreateSymbolicLink(folder.File("tests"), Path.Combine(_root, "tests"));
        var programs = Directory.CreateDirectory(folder.File("bin")).FullName;
        Program("amoe", $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "amoe.dll")}' \"$@\"");
        Program("sudo", $"export PGPASSWORD='{new NpgsqlConnectionStringBuilder(server.Superuser).Password}'", """
            [ "$*" = 'apt-get install -y postgresql' ] && exit 0
            [ "$1 $2" = '-u postgres' ] || { echo "not what the path may do as root: $*" >&2; exit 1; }
            shift 2
            PGHOST=127.0.0.1 PGUSER=postgres exec "$@"
            """);
        var bash = new ProcessStartInfo("bash", [folder.Write("path.sh", Script(lines))])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        foreach (var name in AmoeProcess.Defaults(bash.Environment.Keys).ToList())
            bash.Environment.Remove(name);
        bash.Environment["HOME"] = folder.Path;
        bash.Environment["PATH"] =
            $"{programs}:{Path.GetDirectoryName(PostgresPrograms.PathOf("psql"))}:{bash.Environment["PATH"]}";
        bash.Environment["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(bash)!;
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            var (over, codes) = (0, folder.File("codes"));
            if (File.Exists(codes))
                over = (await File.ReadAllLinesAsync(codes)).Length;
            throw new TimeoutException(
                $"the path takes longer than {_patience.TotalMinutes} minutes, at «{lines[over]}»: {await said}");
        }

        return [.. (await File.ReadAllLinesAsync(folder.File("codes"))).Select(int.Parse)];

        void Program(string name, params string[] text) =>
            File.WriteAllText(Path.Combine(programs, name), $"#!/bin/sh\n{string.Join('\n', text)}\n");
    }

    /// <summary>
    /// Each line is evaluated in the one shell, which ends with the first that does not end as it should.
    /// </summary>
    private static string Script(string[] lines)
    {
        var (peers, pages) = (FreePort(), FreePort());
        var run = lines.Index().Select(at => $"""
            eval {Quoted(at.Item.Replace("5101", peers, StringComparison.Ordinal).Replace("5100", pages, StringComparison.Ordinal))} >{at.Index}.out 2>{at.Index}.err
            code=$?; echo $code >>codes; [ $code = {Promise(at.Item).ExitCode} ] || exit 1

            """);
        // A line that failed leaves what was started before it.
        return $"chmod +x bin/*\ntrap 'kill -9 $(jobs -p) 2>/dev/null' EXIT\n{string.Concat(run)}";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AmoeActors.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("the tests do not run from within the repository");
    }

    [GeneratedRegex(@"^\s*[Dd]igest\s+(?<digest>[0-9a-f]{16})\b", RegexOptions.Multiline)]
    private static partial Regex Digest();
}
