using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Amoe.Host.Access;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>keys revoke</c>: ends a key for good.</summary>
internal static class KeysRevoke
{
    private const string Notes = """
        ID is what follows amoe_ in a key: eight hex digits. Hosts that run refuse the key within a second.
        It stays in the list, so that what it did can be traced to its holder, and cannot be made valid
        again. To revoke a key once more changes nothing.

        Examples:
          amoe keys revoke 1a2b3c4d
          amoe keys revoke 1a2b3c4d --keys /etc/amoe/keys.json -o json

        """;

    public static TaughtCommand Create(Terminal terminal)
    {
        var id = new Argument<uint>("ID") { Description = "The key's id, of eight hex digits.", CustomParser = IdOf };
        var (keys, output) = (KeysVerb.File(), Options.Output());
        var command = new TaughtCommand("revoke", "End a key for good.", Notes) { id, keys, output };
        command.SetAction(async (parsed, stop) =>
        {
            var (file, wanted, now) = (new KeyFile(parsed.GetRequiredValue(keys)), parsed.GetRequiredValue(id),
                KeysVerb.Now(terminal.Time));

            // Before the lock, which would leave a file beside one that is not there.
            Require(file, file.Read(), wanted);
            StoredKey? revoked = null;
            await file.ChangeAsync(
                kept =>
                {
                    var key = Require(file, kept, wanted);
                    revoked = key with { Revoked = key.Revoked ?? now };
                    return [.. kept.Select(other => other.Id == wanted ? revoked : other)];
                },
                terminal.Time,
                stop);
            if (parsed.GetValue(output) == OutputFormat.Json)
                JsonLine.Write(Console.Out, json => Write(json, file, revoked!));
            else
                Terminal.Plain(
                    $"{revoked!.IdText}: revoked at {revoked.Revoked!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC; hosts refuse it within a second");
            return ExitCode.Done;
        });
        return command;
    }

    /// <exception cref="UsageException">The file has no such key.</exception>
    private static StoredKey Require(KeyFile file, IReadOnlyList<StoredKey> kept, uint id) =>
        kept.FirstOrDefault(key => key.Id == id)
            ?? throw new UsageException(
                $"{file.FilePath}: it has no key {ApiKey.IdText(id)}. See which it has with: amoe keys list");

    private static void Write(Utf8JsonWriter json, KeyFile file, StoredKey revoked)
    {
        json.WriteStartObject();
        json.WriteString("id", revoked.IdText);
        KeyLine.WriteHolder(json, revoked);
        json.WriteString("file", file.FilePath);
        json.WriteEndObject();
    }

    /// <summary>Does not repeat what is not an id: it may be a whole key.</summary>
    private static uint IdOf(ArgumentResult result)
    {
        if (!ApiKey.TryParseId(result.Tokens[0].Value, out var id))
            result.AddError(
                $"ID is the {ApiKey.IdLength} hex digits that follow {ApiKey.Prefix} in a key, in lower case");
        return id;
    }
}
