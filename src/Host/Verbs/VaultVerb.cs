using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Host.Identity;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>vault</c>: the identity vault of a host, its master key and its audit log.</summary>
internal static class VaultVerb
{
    private const string Notes = """
        The vault keeps who a student is; the journal knows a number alone. Each person is sealed under
        a key of its own, and these keys under the master key, which is in a file or in AMOE_MASTER_KEY.
        Without the master key no person can be read. docs/identity.md has backup, rotation and loss.

        Examples:
          amoe vault create --vault identity --key master.key
          amoe vault join --vault identity --persons postgres://amoe@db/persons \
            --person-keys postgres://amoe@keys/person_keys
          amoe vault status --vault identity --key master.key
          amoe vault rotate --vault identity --key master.key --to new.key
          amoe vault verify --vault identity

        """;

    private const string CreateNotes = """
        The master key is made with it, in a file that its owner alone can use; a file that exists is
        left as it is. Without --key the vault is sealed under the key in AMOE_MASTER_KEY. Keep a copy of
        the key apart from every copy of the vault.

        With --persons and --person-keys the vault is in two PostgreSQL databases, for the hosts of a
        cluster, and the folder has this host's audit log and where they are. Addresses and passwords are
        as with --journal; a password that is written in one is kept in the folder, for its owner alone.

        Examples:
          amoe vault create --vault identity --key master.key
          amoe vault create --vault identity --key master.key --host rabat-1
          amoe vault create --vault identity --key master.key --persons postgres://amoe@db/persons \
            --person-keys postgres://amoe@keys/person_keys

        """;

    private const string JoinNotes = """
        Each host of a cluster has a folder of its own, with its audit log: no other process writes it.
        The databases are those of amoe vault create. The master key is not needed.

        Examples:
          amoe vault join --vault identity --host rabat-2 --persons postgres://amoe@db/persons \
            --person-keys postgres://amoe@keys/person_keys

        """;

    private const string StatusNotes = """
        Opens the vault as a host does: a person that the audit log says was erased is erased again,
        should a file be an older copy. A folder that a host has open is refused; of a vault in databases
        another host's folder is not.

        Examples:
          amoe vault status --vault identity --key master.key
          amoe vault status --vault identity --key master.key -o json | jq .persons

        """;

    private const string RotateNotes = """
        Wraps each person's key under the new master key, which is made where its file does not exist.
        A rotation that was interrupted goes on with the same command. Copies of keys.db made before it
        need the former key. Of a vault in databases stop the hosts first, and start them with the new
        key: one that has the former key registers and reads no one under the new one.

        Examples:
          amoe vault rotate --vault identity --key master.key --to new.key

        """;

    private const string VerifyNotes = """
        Reads the whole audit log and names the first line that was changed, removed or put elsewhere;
        exit code 3. It needs no key and works while a host has the vault open. Of a vault in databases
        each host has a log of its own, in its folder.

        Examples:
          amoe vault verify --vault identity
          amoe vault verify --vault identity -o json | jq .lines

        """;

    public static Command Create(Terminal terminal) =>
        new TaughtCommand("vault", "Make and tend the identity vault, which keeps who a student is.", Notes)
        {
            New(terminal),
            Join(terminal),
            Status(terminal),
            Rotate(terminal),
            Verify(terminal),
        };

    private static Option<string> HostName() =>
        new("--host")
        {
            Description = "The host's name, for the first line of the audit log.",
            HelpName = "NAME",
            DefaultValueFactory = _ => Environment.MachineName
        };

    private static (Option<JournalAddress> Persons, Option<JournalAddress> Keys) Databases(bool areRequired)
    {
        var (persons, keys) = (
            Options.Address("--persons", "The database of persons, as postgres://user@host:port/database.", "URL"),
            Options.Address("--person-keys", "The database of their keys: another one, with a backup apart.", "URL"));
        (persons.Required, keys.Required) = (areRequired, areRequired);
        return (persons, keys);
    }

    private static Option<string> Folder() =>
        new("--vault")
        {
            Description = "The vault's folder.",
            HelpName = "FOLDER",
            Required = true,
            CustomParser = Options.File!
        };

    private static Option<string?> Key(string description) =>
        new("--key") { Description = description, HelpName = "FILE", CustomParser = Options.File };

    private static Option<string?> KeyInUse() =>
        Key($"The file with the master key. [default: the key in {MasterKey.Variable}]");

    private static TaughtCommand New(Terminal terminal)
    {
        var (folder, key) = (Folder(),
            Key($"The file to make, for the new master key. [default: the key in {MasterKey.Variable} is used]"));
        var (host, (persons, keys)) = (HostName(), Databases(areRequired: false));
        var command = new TaughtCommand(
            "create", "Make a master key, and an empty vault under it.", CreateNotes)
        {
            folder, key, host, persons, keys
        };
        command.SetAction(parsed =>
        {
            var (path, file) = (parsed.GetRequiredValue(folder), parsed.GetValue(key));
            VaultFiles.RequireNew(path);
            var databases = (parsed.GetValue(persons), parsed.GetValue(keys)) switch
            {
                ({ } one, { } other) => (Persons: one, Keys: other),
                (null, null) => ((JournalAddress Persons, JournalAddress Keys)?)null,
                _ => throw new UsageException(
                    "--persons and --person-keys are the two databases of one vault: name both."),
            };
            if (databases is { } shared)
                SharedVault.RequireNone(shared.Persons, shared.Keys);
            if (file is not null
                && Path.GetFullPath(file).StartsWith(
                    Path.GetFullPath(path) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new UsageException(
                    $"{file} would be in the vault's folder, and in every copy of it. Name a file elsewhere.");
            using var master = file is null ? InEnvironment() : MasterKey.Create(file);
            if (databases is { } made)
                SharedVault.Create(
                    path, made.Persons, made.Keys, master, parsed.GetRequiredValue(host), terminal.Time);
            else
                IdentityVault.Create(path, master, parsed.GetRequiredValue(host), terminal.Time);
            Terminal.Plain(
                $"{path}: an empty vault under the master key {master.Id}{(file is null ? "" : $", which is in {file}")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static TaughtCommand Join(Terminal terminal)
    {
        var (folder, host, (persons, keys)) = (Folder(), HostName(), Databases(areRequired: true));
        var command = new TaughtCommand(
            "join", "Make the folder by which one more host uses a vault in databases.", JoinNotes)
        {
            folder, host, persons, keys
        };
        command.SetAction(parsed =>
        {
            var (path, name) = (parsed.GetRequiredValue(folder), parsed.GetRequiredValue(host));
            var (one, other) = (parsed.GetRequiredValue(persons), parsed.GetRequiredValue(keys));
            SharedVault.Join(path, one, other, name, terminal.Time);
            Terminal.Plain($"{path}: the audit log of {name} for the vault in {one.Display} and {other.Display}");
            return ExitCode.Done;
        });
        return command;
    }

    private static TaughtCommand Status(Terminal terminal)
    {
        var (folder, key, output) = (Folder(), KeyInUse(), Options.Output());
        var command = new TaughtCommand("status", "Say what a vault holds.", StatusNotes) { folder, key, output };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(folder);
            using var master = KeyOf(parsed.GetValue(key));
            using var vault = IdentityVault.Open(
                path, master, terminal.Time, new VaultOptions { Warn = terminal.Line });
            var status = await vault.StatusAsync();
            if (parsed.GetValue(output) == OutputFormat.Json)
                WriteJson(status);
            else
                Terminal.Plain(
                    $"{path}: {status.Persons} persons, {status.Keys} keys under the master key {status.Master}, {status.Erased} erased, {status.Audit.Sequence + 1} lines of audit log");
            return ExitCode.Done;
        });
        return command;
    }

    private static TaughtCommand Rotate(Terminal terminal)
    {
        var (folder, key) = (Folder(), KeyInUse());
        var to = new Option<string>("--to")
        {
            Description = "The file with the new master key; made where there is none.",
            HelpName = "FILE",
            Required = true,
            CustomParser = Options.File!
        };
        var command = new TaughtCommand(
            "rotate", "Wrap all persons' keys under another master key.", RotateNotes) { folder, key, to };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (path, file) = (parsed.GetRequiredValue(folder), parsed.GetRequiredValue(to));
            using var master = KeyOf(parsed.GetValue(key));
            VaultFiles.RequireAll(path);
            using var next = File.Exists(file) ? MasterKey.Read(file) : MasterKey.Create(file);
            using var vault = IdentityVault.Open(
                path, master, terminal.Time, new VaultOptions { Warn = terminal.Line, OtherKey = next });
            var rewrapped = await vault.RotateAsync(next, cancellation: cancellation);
            Terminal.Plain($"{path}: {rewrapped} keys are under the master key {next.Id} now, which is in {file}");
            return ExitCode.Done;
        });
        return command;
    }

    private static TaughtCommand Verify(Terminal terminal)
    {
        var (folder, output) = (Folder(), Options.Output());
        var command = new TaughtCommand(
            "verify", "Check that no line of the audit log was changed, removed or put elsewhere.",
            VerifyNotes) { folder, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            var walk = IdentityVault.VerifyAudit(path);
            var (audit, lines) = (Path.Combine(path, VaultFiles.Audit), walk.End.Sequence + 1);
            if (walk.Problem is { } problem)
            {
                terminal.Line($"{audit}: line {lines + 1} {problem}. The {lines} lines before it are sound.");
                return ExitCode.BadJournal;
            }

            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                JsonLine.Write(Console.Out, json =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("lines", lines);
                    json.WriteString("last_hash", walk.End.Hash);
                    json.WriteEndObject();
                });
            }
            else
            {
                Terminal.Plain(
                    $"{audit}: {lines} lines, each follows the one before it; the last has the hash {walk.End.Hash}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteJson(VaultStatus status) => JsonLine.Write(Console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("vault", status.Vault);
        json.WriteString("master_key", status.Master);
        json.WriteString("next_master_key", status.NextMaster);
        json.WriteNumber("persons", status.Persons);
        json.WriteNumber("keys", status.Keys);
        json.WriteNumber("erased", status.Erased);
        json.WriteNumber("audit_lines", status.Audit.Sequence + 1);
        json.WriteEndObject();
    });

    private static MasterKey KeyOf(string? file) => file is null ? InEnvironment() : MasterKey.Read(file);

    private static MasterKey InEnvironment() =>
        MasterKey.FromEnvironment()
            ?? throw new UsageException(
                $"name the file of the master key by --key, or put the key into {MasterKey.Variable}.");
}
