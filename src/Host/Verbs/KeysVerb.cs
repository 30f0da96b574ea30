using System.CommandLine;
using Amoe.Engine.Text;
using Amoe.Host.Access;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>keys</c>: who may call a host, and the keys by which callers prove it.</summary>
internal static class KeysVerb
{
    private const string Notes = """
        A file of keys has a line of JSON for each. It has no key, but what a host needs to know one: keep
        it where only the host's user may write. Hosts that run follow it: what is created or revoked holds
        within a second. docs/access.md says which role may make which call.

        Examples:
          amoe keys create --role fund
          amoe keys create --role institution --party 64 --name "ENSA Fes"
          amoe keys list
          amoe keys revoke 1a2b3c4d

        """;

    public static TaughtCommand Create(Terminal terminal) =>
        new("keys", "Create, list and revoke the keys of callers.", Notes)
        {
            KeysCreate.Create(terminal),
            KeysList.Create(terminal),
            KeysRevoke.Create(terminal),
        };

    /// <summary>The file of keys.</summary>
    public static Option<string> File() => new("--keys")
    {
        Description = "The file of keys, in the working directory unless named.",
        HelpName = "FILE",
        DefaultValueFactory = _ => KeyFile.DefaultName,
        CustomParser = Options.File,
    };

    /// <summary>Cut to the second, as files have times.</summary>
    public static DateTimeOffset Now(TimeProvider time) =>
        time.GetUtcNow() is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) : default;

    /// <summary>The holder's number in the scheme; empty for a role without one.</summary>
    public static string HolderOf(StoredKey key) =>
        key.Party?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? key.Student?.ToString() ?? "";

    public static string NameOf(KeyState state) => SnakeCase<KeyState>.NameOf(state);
}
