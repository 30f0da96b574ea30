using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Amoe.Engine.Domain;
using Amoe.Engine.Reference;
using Amoe.Engine.Text;
using Amoe.Host.Access;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>keys create</c>: makes a key and prints it once.</summary>
internal static class KeysCreate
{
    private const string Notes = """
        The key is printed on the first line of standard output, and nowhere else: the file keeps a hash
        of it. A key that was lost is revoked, and another is made. Keys do not expire unless --expires
        says when. Names are those of offices; a student's key needs none.

        Roles with a number of their own: institution, desk and provider (--party), student (--student).
        A desk's number is that of the reference data, and 1 is the fund's own desk.

        Examples:
          amoe keys create --role fund --name "the fund, Rabat" --expires 2027-07-31
          amoe keys create --role institution --party 64
          amoe keys create --role desk --party 2 --keys /etc/amoe/keys.json
          amoe keys create --role student --student 4711
          amoe keys create --role provider --party 12 -o json | jq -r .key
          amoe keys create --role monitor --name "Prometheus"

        """;

    public static TaughtCommand Create(Terminal terminal)
    {
        var role = new Option<Role>("--role")
        {
            Description = "What the holder is, which says what it may call.",
            HelpName = "ROLE",
            Required = true,
            CustomParser = RoleOf,
        }.Offering(() => SnakeCase<Role>.Names);
        var party = Options.Whole("--party", "The number of the institution, desk or provider.", 1);
        var student = Options.Whole("--student", "The student's number.", 0UL);
        var name = new Option<string?>("--name")
        {
            Description = "Whose it is, for people. [default: the role and its number]",
            HelpName = "TEXT"
        };
        var expires = Options.Date("--expires", "The last day on which it is valid, in UTC.");
        var (keys, output) = (KeysVerb.File(), Options.Output());
        var command = new TaughtCommand(
            "create", "Make a key for a caller, and print it once.",
            Notes) { role, party, student, name, expires, keys, output };
        command.SetAction((parsed, stop) => RunAsync(
            terminal,
            new Wanted(
                parsed.GetRequiredValue(role), parsed.GetValue(party), parsed.GetValue(student), parsed.GetValue(name),
                parsed.GetValue(expires)),
            new KeyFile(parsed.GetRequiredValue(keys)),
            parsed.GetValue(output),
            stop));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, Wanted wanted, KeyFile file, OutputFormat format, CancellationToken stop)
    {
        var now = KeysVerb.Now(terminal.Time);
        wanted.Validate(DateOnly.FromDateTime(now.UtcDateTime));
        var secret = ApiKey.NewSecret();
        var hash = new byte[SHA256.HashSizeInBytes];
        ApiKey.Hash(secret, hash);
        StoredKey? made = null;
        await file.ChangeAsync(
            kept =>
            {
                made = new StoredKey(
                    FreeId(kept), hash, wanted.NameOrDefault, wanted.Role, wanted.Party,
                    wanted.Student is { } id ? new StudentId(id) : null, now, wanted.Expires, null);
                return [.. kept, made];
            },
            terminal.Time,
            stop);
        Write(terminal, file, made!, ApiKey.Text(made!.Id, secret), format);
        return ExitCode.Done;
    }

    private static uint FreeId(IReadOnlyList<StoredKey> kept)
    {
        while (true)
        {
            var id = ApiKey.NewId();
            if (kept.All(key => key.Id != id))
                return id;
        }
    }

    private static void Write(Terminal terminal, KeyFile file, StoredKey made, string key, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            JsonLine.Write(Console.Out, json =>
            {
                json.WriteStartObject();
                json.WriteString("key", key);
                json.WriteString("id", made.IdText);
                KeyLine.WriteHolder(json, made);
                json.WriteString("file", file.FilePath);
                json.WriteEndObject();
            });
            return;
        }

        Terminal.Plain(key);
        terminal.Line(
            $"{file.FilePath}: key {made.IdText} of {made.Name} ({Names.Of(made.Role)}) is made; it is not shown again. Revoke it with: amoe keys revoke {made.IdText}");
    }

    private static Role RoleOf(ArgumentResult result)
    {
        if (SnakeCase<Role>.TryParse(result.Tokens[0].Value, out var role))
            return role;
        result.AddError($"--role is {string.Join(", ", SnakeCase<Role>.Names)}, not '{result.Tokens[0].Value}'");
        return default;
    }

    /// <summary>What the command line asks for.</summary>
    private sealed record Wanted(Role Role, int? Party, ulong? Student, string? Name, DateOnly? Expires)
    {
        public string NameOrDefault =>
            Name?.Trim()
                ?? (Party is { } party
                    ? $"{Names.Of(Role)} {party}"
                    : Student is { } student ? $"student {student}" : Names.Of(Role));

        /// <exception cref="UsageException">The options do not go together.</exception>
        public void Validate(DateOnly today)
        {
            if (Caller.Problem(Role, Party, Student) is { } problem)
                throw new UsageException(
                    $"{problem}. Give --party to institution, desk and provider, and --student to student.");
            if (Role == Role.Desk && !ReferenceData.HasDesk(Party!.Value))
                throw new UsageException(
                    $"--party: desks are numbered from 1 to {ReferenceData.Desks.Count}, and none is {Party}.");
            if (Caller.NameProblem(NameOrDefault) is { } nameProblem)
                throw new UsageException($"--name: {nameProblem}.");
            if (Expires < today)
                throw new UsageException($"--expires {Expires:yyyy-MM-dd} is past: today is {today:yyyy-MM-dd}.");
        }
    }
}
