using System.Text;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Amoe.Host.Api.Commands;
using Amoe.Host.Api.Persons;
using Amoe.Host.Http;
using Amoe.Host.Reports;

namespace Amoe.Host.Api.Lists;

/// <summary>The columns of a list, found in its header and in the address.</summary>
internal sealed record ListHeader
{
    private static readonly string[] _numbers = [PersonJson.Cin, PersonJson.Massar];

    /// <summary>The list's command.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>The column at each place; null for one without a name, whose fields are empty.</summary>
    public required IReadOnlyList<ListColumn?> Columns { get; init; }

    /// <summary>What the address says for all rows.</summary>
    public required IReadOnlyList<(ListColumn Column, string Value)> Constants { get; init; }

    /// <summary>True where students are named by CIN or Massar number.</summary>
    public bool IsOfPersons => Columns.Any(column => column is { Field: null });

    /// <summary>Finds the columns of a header.</summary>
    /// <param name="names">The header's fields.</param>
    /// <param name="constants">What the address says, by the names of columns.</param>
    /// <param name="line">The header's line, for a problem.</param>
    /// <param name="hasVault">True where the host knows persons.</param>
    /// <param name="problem">Why the list is refused; null where there is a header.</param>
    public static ListHeader? Of(
        CommandKind kind, IReadOnlyList<string> names, IReadOnlyDictionary<string, string> constants, long line,
            bool hasVault,
        out Problem? problem)
    {
        var columns = new ListColumn?[names.Count];
        var said = new HashSet<ListColumn>();
        foreach (var (place, name) in names.Index())
        {
            if (ListColumns.Folded(name).Length == 0)
                continue;
            if (ListColumns.Find(name) is not { } column || !Has(kind, column))
            {
                problem = Unknown(kind, name, line);
                return null;
            }

            columns[place] = column;
            if (!said.Add(column))
            {
                problem = Refused("duplicate_column", name, line, column.Names,
                    $"two columns are the {column.Name} of line {line}: leave one out");
                return null;
            }
        }

        var same = new List<(ListColumn, string)>();
        foreach (var (name, value) in constants)
        {
            var column = ListColumns.All.FirstOrDefault(column => column.Name == name);
            problem = column is null || column.Field is null || column.Field == ApiFields.Student
                || column.Field == ApiFields.Reference || !Has(kind, column) || value.Length == 0
                ? new Problem(400, "bad_request", "the address is wrong",
                    $"'{Shown(name)}' is nothing that the address of a list says for all its rows")
                : said.Add(column)
                    ? null
                    : Refused("duplicate_column", name, line, column.Names,
                        $"the address says {name}, and the list has a column of it: leave one out");
            if (problem is not null)
                return null;
            same.Add((column!, value));
        }

        problem = MissingFrom(kind, said, line) ?? Contradiction(said, line, hasVault);
        return problem is null ? new ListHeader { Kind = kind, Columns = columns, Constants = same } : null;
    }

    /// <summary>
    /// A list of declarations registers persons, and may have all that the vault keeps; others find them by a number.
    /// </summary>
    private static bool Has(CommandKind kind, ListColumn column) => column.Field is { } field
        ? ApiCommands.Of(kind).Table.BitOf(field.Slot) != 0
        : kind == CommandKind.Declare || _numbers.Contains(column.Name);

    private static Problem? MissingFrom(CommandKind kind, HashSet<ListColumn> said, long line)
    {
        var required = ApiCommands.Of(kind).Table.Fields
            .Where(field => field.IsRequired && field.Slot is not (Slot.Command or Slot.Student));
        var missing = required.Select(field => ListColumns.Named(field.Name)).ToList();
        if (!said.Any(column => column.Field == ApiFields.Student))
        {
            if (!said.Any(column => _numbers.Contains(column.Name)))
                return Refused("missing_column", ApiFields.Student.Name, line,
                    [.. ListColumns.Named(ApiFields.Student.Name).Names,
                    .. _numbers.SelectMany(name => ListColumns.Named(name).Names)],
                    $"line {line} has no column that names the student: by number, by CIN or by Massar number");
            if (kind == CommandKind.Declare)
                missing.AddRange([ListColumns.Named("first_name"), ListColumns.Named("last_name")]);
        }

        return missing.Find(column => !said.Contains(column)) is { } first
            ? Refused("missing_column", first.Name, line, first.Names,
                $"line {line} has no column {first.Name}: it is called {string.Join(", ", first.Names)}")
            : null;
    }

    private static Problem? Contradiction(HashSet<ListColumn> said, long line, bool hasVault)
    {
        if (said.FirstOrDefault(column => column.Field is null) is not { } person)
            return null;
        if (said.Any(column => column.Field == ApiFields.Student))
            return Refused("contradiction", person.Name, line, person.Names,
                $"line {line} names students by number, and has a column of persons: leave out one or the other");
        return hasVault
            ? null
            : Refused("no_vault", person.Name, line, ListColumns.Named(ApiFields.Student.Name).Names,
                "this host does not know persons: name students by their numbers");
    }

    private static Problem Unknown(CommandKind kind, string name, long line)
    {
        string[] known = [.. ListColumns.All.Where(column => Has(kind, column)).Select(column => column.Name)];
        var nearest = Nearest.Of(ListColumns.Folded(name), known);
        return Refused("unknown_column", name, line, known,
            $"line {line}: a list of {SnakeCase<CommandKind>.NameOf(kind)} has no column '{Shown(name)}'; "
            + $"did you mean {nearest}? docs/api-lists.md has the names in French and Arabic");
    }

    private static Problem Refused(string code, string column, long line, IEnumerable<string> accepted, string text) =>
        new(400, "list", "the list's columns are wrong", $"{text}. Nothing of the list was taken.", json =>
    {
        json.WriteString("code"u8, code);
        json.WriteNumber("line"u8, line);
        json.WriteString("column"u8, Shown(column));
        json.WriteStartArray("accepted"u8);
        foreach (var name in accepted)
            json.WriteStringValue(name);
        json.WriteEndArray();
    });

    private static string Shown(string text) => Shortened.Of(Encoding.UTF8.GetBytes(text));
}
