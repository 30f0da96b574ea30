using Amoe.Engine.Tests;
using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>The table of roles and calls as docs/access.md has it.</summary>
internal static class PermissionTable
{
    public const string Path = "docs/access.md";
    private const string Begins =
        "<!-- permissions: made from src/Host/Access/Permissions.cs by PermissionsTests -->\n";
    private const string Ends = "<!-- end of permissions -->";

    /// <summary>The document with the table as the code has it.</summary>
    public static string Document()
    {
        var (before, _, after) = Parts();
        return before + Begins + string.Concat(Lines().Select(line => line + "\n")) + Ends + after;
    }

    /// <summary>The cells as the document has them.</summary>
    public static IEnumerable<(Call Call, Role Role, string Cell)> Cells()
    {
        var lines = Parts().Table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Role[] roles = [.. CellsOf(lines[0])[1..].Select(Parse<Role>)];
        return from line in lines[2..]
               let cells = CellsOf(line)
               from column in Enumerable.Range(0, roles.Length)
               select (Parse<Call>(cells[0]), roles[column], cells[column + 1]);
    }

    private static IEnumerable<string> Lines() =>
    [
        $"| call | {string.Join(" | ", Permissions.Roles.Select(Names.Of))} |",
        $"|---|{string.Concat(Permissions.Roles.Select(_ => "---|"))}",
        .. Permissions.AllCalls.Select(call =>
            $"| `{Names.Of(call)}` | {string.Join(" | ", Permissions.Roles.Select(role => Word(Permissions.Of(role, call))))} |"),
    ];

    private static string Word(Grant grant) => grant switch
    {
        Grant.Yes => "**yes**",
        Grant.Own => "**own**",
        _ => "no",
    };

    private static (string Before, string Table, string After) Parts()
    {
        var text = Approved.Read(Path);
        var (begin, end) = (text.IndexOf(Begins, StringComparison.Ordinal),
            text.IndexOf(Ends, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"{Path} lacks «{Begins.TrimEnd()}» or «{Ends}»");
        return (text[..begin], text[(begin + Begins.Length)..end], text[(end + Ends.Length)..]);
    }

    private static string[] CellsOf(string line) =>
        [.. line.Trim('|', ' ').Split('|').Select(cell => cell.Trim(' ', '`', '*'))];

    private static T Parse<T>(string name)
        where T : struct, Enum =>
        Engine.Text.SnakeCase<T>.TryParse(name, out var value)
            ? value
            : throw new Xunit.Sdk.XunitException($"{Path} names «{name}», which is none");
}
