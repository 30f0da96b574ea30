using System.Globalization;
using System.Text;
using Amoe.Engine.Text;
using Amoe.Host.Api.Commands;
using Amoe.Host.Api.Lists;

namespace Amoe.Host.Tests.Api;

/// <summary>Makes docs/api-lists.md of the definition of lists' columns.</summary>
internal static class ListDocument
{
    private const string Beginning = """
        # Lists in CSV

        Made from the definition in [ListColumns](../src/Host/Api/Lists/ListColumn.cs) by a test (`ListTests`), which fails when
        it is not up to date. An institution sends a list as its own programs write it:

        ```
        N° dossier;CIN;Code Massar;Nom;Prénom;الاسم العائلي;الاسم الشخصي;Date de naissance;Compte bancaire
        1;AB123456;R130012345;El Idrissi;Salma;الإدريسي;سلمى;02/04/2005;oui
        2;;J140099999;Alami;"Karim";العلمي;كريم;٣٠/٠٩/٢٠٠٤;non
        ```
        ```bash
        all='institution=12&year=2026&category=public_university&cycle=higher_education&paid_track=false'
        curl -m 600 -H "Authorization: Bearer $key" -H 'Content-Type: text/csv; charset=utf-8' --data-binary @list.csv \
          "http://127.0.0.1:5100/v1/streams/enrolment?$all"
        ```

        A row is one command, and its answer is that of the same command in JSON ([streams](api.md#streams)). `line` is the line
        of the file in which the row begins. The same list again has the same answers and changes nothing.

        - **The command** is `declare`; `?command=` names another: {0}.
        - **What is the same for all rows** may be in the address instead of a column, by the name in the first column below.
        - **Characters** are UTF-8, with or without a byte order mark, or `charset=windows-1256`. `Content-Encoding: gzip` is
          taken.
        - **Fields** are separated by `;`, `,` or tab: whichever the header has most of. A field within quotes may have
          separators, line breaks and doubled quotes. Lines end with LF or CR LF. Empty rows are skipped.
        - **Names of columns** are compared without case, accents, hamza, spaces and signs: `Date de naissance` is
          `DATE_DE_NAISSANCE`.
        - **Numbers** may have Arabic-Indic digits. **Days** are `2026-09-30` or `30/09/2026`, the day before the month: another
          form is refused. **Years** are `2026` or `2026/2027`. **Yes and no** are `oui`, `non`, `yes`, `no`, `true`, `false`,
          `vrai`, `faux`, `1`, `0`, `نعم`, `لا`. Categories, courses, coverages and desks have the
          [names of the API](api-commands.md).
        - **Students** are named by number, or by CIN or Massar number where the host has a vault. A declaration then registers
          the person as `POST /v1/persons` does, and needs `first_name`, `last_name` and a date of birth; other lists find
          persons who are registered, and the audit log says so. A row that is refused before it is sent registers no one.
        - **A row that is wrong** spoils only itself: its answer has the field's `path` and a `code`. A quote that is not closed
          takes the rows up to the next quote with it, and its answer says up to which line. Where that is more than 32 kB the
          stream ends there, with the code `broken`.
        - **A list that is wrong** is refused as a whole with the type `/problems/list` and status 400: a column that is
          unknown, missing or there twice, bytes of the header that are not UTF-8. `line`, `column` and `accepted` say where,
          which, and what would do. Another character set is 415.
        - `from` of `GET /v1/streams/{id}/answers` counts answers, not lines of the file.

        | column | | English | French | Arabic |
        |---|---|---|---|---|

        """;

    public static string Text()
    {
        var kinds = string.Join(", ",
            ListColumns.Kinds.Skip(1).Select(kind => $"`{SnakeCase<Amoe.Engine.Domain.CommandKind>.NameOf(kind)}`"));
        var text = new StringBuilder(Beginning.Replace("{0}", kinds, StringComparison.Ordinal));
        foreach (var column in ListColumns.All)
            text.Append(CultureInfo.InvariantCulture,
                $"| `{column.Name}` | {UseOf(column)} | {string.Join(", ", column.English)} | "
                + $"{string.Join(", ", column.French)} | {string.Join("، ", column.Arabic)} |\n");
        return text.ToString();
    }

    private static string UseOf(ListColumn column) => column.Field is not { } field
        ? "of the person"
        : string.Join(", ",
            ListColumns.Kinds.Where(kind => ApiCommands.Of(kind).Table.BitOf(field.Slot) != 0)
            .Select(kind =>
                $"`{SnakeCase<Amoe.Engine.Domain.CommandKind>.NameOf(kind)}`{(field.IsRequired ? "" : " (may be left out)")}"));
}
