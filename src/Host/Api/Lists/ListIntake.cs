using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Amoe.Host.Access;
using Amoe.Host.Api.Streams;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using CsvHelper;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Amoe.Host.Api.Lists;

/// <summary>
/// Takes an institution's list in CSV: finds its character set, separator and columns, or refuses it as a whole.
/// </summary>
/// <param name="vault">Null where the host knows no persons.</param>
internal sealed class ListIntake(BusinessDays days, IdentityVault? vault, TimeProvider time)
{
    private const string ListType = "text/csv";
    private const string Arabic = "windows-1256";

    private static readonly SearchValues<byte> _separatorsAndQuote = SearchValues.Create(";,\t\""u8);
    private static readonly Encoding _arabic = CodePagesEncodingProvider.Instance.GetEncoding(Arabic)!;

    /// <summary>True for a body that is a list.</summary>
    public static bool IsList(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(ListType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a list as far as its header; null where it is refused, which is answered then.</summary>
    /// <param name="body">Unpacked.</param>
    public async Task<ListRows?> OpenAsync(HttpContext context, PipeReader body, StreamKind kind, StreamRules rules)
    {
        if (kind != StreamKind.Enrolment)
            return await RefuseAsync(context,
                new Problem(415, "encoding", "a list is of enrolment",
                "lists in CSV are taken at /v1/streams/enrolment: others are lines of JSON"));
        var charset = MediaTypeHeaderValue.Parse(context.Request.ContentType!).Charset.ToString().Trim('"')
            .ToLowerInvariant();
        if (charset is not ("" or "utf-8" or Arabic))
            return await RefuseAsync(context,
                new Problem(415, "encoding", "the character set is not known",
                $"send the list in UTF-8, or with Content-Type: {ListType}; charset={Arabic}"));
        var name = context.Request.Query["command"] is [{ } said] ? said
            : SnakeCase<CommandKind>.NameOf(ListColumns.Kinds[0]);
        if (!SnakeCase<CommandKind>.TryParse(name, out var command) || !ListColumns.Kinds.Contains(command))
            return await RefuseAsync(context,
                new Problem(400, "bad_request", "there is no such list",
                $"lists are of {string.Join(", ", ListColumns.Kinds.Select(SnakeCase<CommandKind>.NameOf))}"));
        try
        {
            return await WithFirstLineAsync(context, body, charset, command, rules);
        }
        catch (InvalidDataException e)
        {
            return await RefuseAsync(context, Unreadable($"the body cannot be unpacked: {e.Message.TrimEnd('.')}"));
        }
    }

    private async Task<ListRows?> WithFirstLineAsync(HttpContext context, PipeReader body, string charset,
        CommandKind command, StreamRules rules)
    {
        var first = await FirstLineAsync(body, context.RequestAborted);
        if (charset != Arabic && !Utf8.IsValid(first))
            return await RefuseAsync(context,
                new Problem(400, "list", "the list is not in UTF-8",
                $"line 1 is not UTF-8: send the list in UTF-8, or with Content-Type: {ListType}; charset={Arabic} "
                + "where it is that. Nothing of it was taken."));
        var faults = new ListFaults();
        var csv = CsvReader.Create(body.AsStream(),
            Options(SeparatorOf(first), charset == Arabic ? _arabic : null, faults), leaveOpen: true);
        var rows = await WithHeaderAsync(context, csv, faults, command, rules);
        if (rows is null)
            await csv.DisposeAsync();
        return rows;
    }

    private async Task<ListRows?> WithHeaderAsync(HttpContext context, CsvReader csv, ListFaults faults,
        CommandKind command, StreamRules rules)
    {
        string[] names;
        try
        {
            names = await csv.ReadAsync(context.RequestAborted) ? csv.Current.ToArray() : [];
        }
        catch (CsvFormatException)
        {
            return await RefuseAsync(context,
                Unreadable(
                $"the header has more than {CommandStream.LineBytesMax} bytes, as where a quote is not closed"));
        }

        if (names.Length == 0 || faults.IsMalformed)
            return await RefuseAsync(context,
                Unreadable(names.Length == 0 ? "the list is empty: its first line names the columns"
                : $"line {csv.LineNumber}: a quote of the header is not closed, or is within a field without quotes"));
        var constants = context.Request.Query.Where(said => said.Key != "command")
            .ToDictionary(said => said.Key, said => ListValues.Cleaned(said.Value.ToString()), StringComparer.Ordinal);
        if (ListHeader.Of(command, names, constants, csv.LineNumber, vault is not null,
            out var problem) is not { } header)
            return await RefuseAsync(context, problem!);
        if (!header.IsOfPersons)
            return new ListRows(csv, faults, header, rules, days, persons: null);
        var caller = context.FindCaller()!;
        if (Permissions.Allows(caller, ListPersons.CallOf(command)) is { } refusal)
        {
            await Problems.WriteForbiddenAsync(context, refusal);
            return null;
        }

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return new ListRows(csv, faults, header, rules, days, new ListPersons(vault!, caller, command, today));
    }

    private static CsvReaderOptions Options(char separator, Encoding? encoding, ListFaults faults) => new()
    {
        Separator = separator,
        Encoding = encoding,
        HasHeader = false,
        TrimWhitespace = true,
        TrackLineNumbers = true,
        MaxRecordSize = CommandStream.LineBytesMax,
        IncludeValuesInExceptions = false,
        OnMalformedRecord = _ => faults.Found(),
    };

    /// <summary>The bytes of the first line, which stay in the body.</summary>
    private static async Task<byte[]> FirstLineAsync(PipeReader body, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await Body.ReadMoreAsync(body, cancellation);
            var end = read.Buffer.PositionOf((byte)'\n');
            if (end is null && !read.IsCompleted && read.Buffer.Length <= CommandStream.LineBytesMax)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var line = read.Buffer.Slice(0, end
                ?? read.Buffer.GetPosition(Math.Min(read.Buffer.Length, CommandStream.LineBytesMax))).ToArray();
            body.AdvanceTo(read.Buffer.Start);
            return line;
        }
    }

    /// <summary>The separator that the header has most of outside quotes; a semicolon where it has none.</summary>
    private static char SeparatorOf(ReadOnlySpan<byte> header)
    {
        Span<int> counts = stackalloc int[3];
        var isQuoted = false;
        for (var at = header.IndexOfAny(_separatorsAndQuote); at >= 0; at = header.IndexOfAny(_separatorsAndQuote))
        {
            var found = header[at];
            header = header[(at + 1)..];
            if (found == (byte)'"')
                isQuoted = !isQuoted;
            else if (!isQuoted)
                counts[found switch { (byte)';' => 0, (byte)',' => 1, _ => 2 }]++;
        }

        return counts[1] > counts[0] && counts[1] >= counts[2] ? ',' : counts[2] > counts[0] ? '\t' : ';';
    }

    private static Problem Unreadable(string text) =>
        new(400, "list", "the list cannot be read", $"{text}. Nothing of it was taken.");

    private static async Task<ListRows?> RefuseAsync(HttpContext context, Problem problem)
    {
        await problem.WriteAsync(context);
        return null;
    }
}
