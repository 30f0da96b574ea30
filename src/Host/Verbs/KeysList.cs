using System.Text.Json;
using Amoe.Host.Access;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>keys list</c>: the keys of a file.</summary>
internal static class KeysList
{
    private const string Notes = """
        Every key with its holder and state: active, expired or revoked. Keys themselves are not kept, and
        cannot be shown. With -o json, one object on one line.

        Examples:
          amoe keys list
          amoe keys list --keys /etc/amoe/keys.json
          amoe keys list -o json | jq -r '.keys[] | select(.state == "active") | .id'

        """;

    public static TaughtCommand Create(Terminal terminal)
    {
        var (keys, output) = (KeysVerb.File(), Options.Output());
        var command = new TaughtCommand("list", "List the keys with their holders and states.", Notes) { keys, output };
        command.SetAction(parsed =>
        {
            var file = new KeyFile(parsed.GetRequiredValue(keys));
            var (kept, now) = (file.Read(), terminal.Time.GetUtcNow());
            if (parsed.GetValue(output) == OutputFormat.Json)
                JsonLine.Write(Console.Out, json => Write(json, file, kept, now));
            else
                Write(kept, now);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, KeyFile file, IReadOnlyList<StoredKey> kept, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("file", file.FilePath);
        json.WriteStartArray("keys");
        foreach (var key in kept)
        {
            json.WriteStartObject();
            json.WriteString("id", key.IdText);
            json.WriteString("state", KeysVerb.NameOf(key.StateAt(now)));
            KeyLine.WriteHolder(json, key);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(IReadOnlyList<StoredKey> kept, DateTimeOffset now)
    {
        Terminal.Plain($"{"id",-10}{"state",-9}{"role",-16}{"number",-12}{"created",-12}{"expires",-12}name");
        foreach (var key in kept)
        {
            Terminal.Plain(
                $"{key.IdText,-10}{KeysVerb.NameOf(key.StateAt(now)),-9}{Names.Of(key.Role),-16}{KeysVerb.HolderOf(key),-12}"
                + $"{key.Created.UtcDateTime,-12:yyyy-MM-dd}{(key.Expires is { } last ? $"{last:yyyy-MM-dd}" : "never"),-12}{key.Name}");
        }
    }
}
