using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Unicode;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Host.Api.Commands;
using Amoe.Host.Api.Streams;
using Amoe.Host.Live;
using CsvHelper;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Api.Lists;

/// <summary>
/// The commands of a list: a row is the JSON object that its columns say, and has what that object would have. Rows
/// that are there are read together, so that the vault registers their persons with few syncs.
/// </summary>
internal sealed class ListRows : ICommandSource, IAsyncDisposable
{
    /// <summary>Rows that are read together.</summary>
    private const int RowsAtOnce = 1_024;

    private readonly CsvReader _csv;
    private readonly ListFaults _faults;
    private readonly ListHeader _header;
    private readonly StreamRules _rules;
    private readonly BusinessDays _days;
    private readonly ListPersons? _persons;
    private readonly List<ReadLine> _rows = [];
    private readonly List<(int At, Task<(StudentId Student, JsonFault? Fault)> Naming)> _namings = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;
    private Task<bool>? _next;
    private ExceptionDispatchInfo? _failure;
    private bool _isWhole;
    private int _taken;

    /// <param name="csv">Positioned on the header.</param>
    /// <param name="persons">Null where students are named by number.</param>
    public ListRows(
        CsvReader csv, ListFaults faults, ListHeader header, StreamRules rules, BusinessDays days, ListPersons? persons)
    {
        (_csv, _faults, _header, _rules, _days, _persons) = (csv, faults, header, rules, days, persons);
        _json = new Utf8JsonWriter(_bytes);
    }

    /// <summary>Called with true before more of the body is waited for, and with false once it is there.</summary>
    public Action<bool> Waits { get; set; } = _ => { };

    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        _rows.Clear();
        _taken = 0;
        _failure?.Throw();
        if (_isWhole)
            return false;
        try
        {
            await GatherAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or CsvFormatException or InvalidDataException)
        {
            // What was read before is answered before.
            _failure = ExceptionDispatchInfo.Capture(Understood(e));
        }

        foreach (var (at, naming) in _namings)
        {
            var (student, fault) = await naming;
            _rows[at] = fault is null
                ? _rows[at] with { Command = _rows[at].Command! with { Student = student } }
                : new ReadLine(_rows[at].Number) { Fault = fault };
        }

        _namings.Clear();
        return true;
    }

    public bool TryTake(out ReadLine line)
    {
        line = default;
        if (_taken == _rows.Count)
            return false;
        line = _rows[_taken++];
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _csv.DisposeAsync();
        await _json.DisposeAsync();
    }

    /// <summary>Reads the rows that are there, one at least, up to the most that are read together.</summary>
    private async Task GatherAsync(CancellationToken cancellation)
    {
        while (_rows.Count < RowsAtOnce)
        {
            var next = _next ?? NextAsync(cancellation);
            _next = null;
            if (!next.IsCompleted)
            {
                if (_rows.Count > 0)
                {
                    _next = next;
                    return;
                }

                Waits(true);
                await Task.WhenAny(next);
                Waits(false);
            }

            if (!await next)
            {
                _isWhole = true;
                return;
            }

            Add();
        }
    }

    private Task<bool> NextAsync(CancellationToken cancellation)
    {
        _faults.Forget();
        return _csv.ReadAsync(cancellation).AsTask();
    }

    private void Add()
    {
        var line = new ReadLine(_csv.LineNumber);
        var persons = _persons is null ? null : new Dictionary<string, string>(StringComparer.Ordinal);
        if (_csv.Current.RawRecord.IndexOfAnyExcept((byte)_csv.Separator, (byte)' ', (byte)'\t') < 0)
            return;
        if (FaultOfRow() is { } broken)
        {
            _rows.Add(line with { Fault = broken });
            return;
        }

        if (!TryWrite(persons, out var fault))
            return;
        var about = new CommandContext(_header.Kind, persons is null ? null : default(StudentId), null, _days.Today,
            TakesKnown: false);
        if (fault is not null)
            line = line with { Fault = fault };
        else if (CommandJson.TryRead(_bytes.WrittenSpan, about, out var command, out var wrong))
            line = _rules.Check(line, command);
        else
            line = line with { Fault = wrong };

        // Only of what would be sent: a row that is refused registers no person.
        if (persons is not null && line.Command is { } sent)
            _namings.Add((_rows.Count, _persons!.NameAsync(persons, (sent as Declare)?.Enrolment.BirthDate)));
        _rows.Add(line);
    }

    /// <summary>Why a row cannot be taken apart; null where it can.</summary>
    private JsonFault? FaultOfRow()
    {
        var row = _csv.Current;
        if (row.RawRecord.Length > CommandStream.LineBytesMax)
            return new JsonFault("", FaultCode.TooLong, $"the row has more than {CommandStream.LineBytesMax} bytes");
        if (!Utf8.IsValid(row.RawRecord))
            return new JsonFault("", "encoding",
                "the bytes are not UTF-8: send the list in UTF-8, or say Content-Type: text/csv; "
                + "charset=windows-1256 where it is that");
        if (_faults.IsMalformed)
            return new JsonFault("", "quotes",
                $"a quote is not closed, or is within a field without quotes. It may have taken the rows up to line "
                + $"{_csv.LineNumber + LinesOf(row.RawRecord) - 1} with it: correct the row, and send the list again");
        if (row.FieldCount < _header.Columns.Count)
            return new JsonFault("", "columns",
                $"the row has {row.FieldCount} fields, and the header {_header.Columns.Count}");
        for (var place = 0; place < row.FieldCount; place++)
        {
            if ((place >= _header.Columns.Count || _header.Columns[place] is null)
                && _csv.GetSpan(place).ContainsAnyExcept((byte)' ', (byte)'\t'))
                return new JsonFault("", "columns", $"the row's field {place + 1} has no column in the header");
        }

        return null;
    }

    /// <summary>Writes the row as JSON. False for a row without any value, which is no row of the list.</summary>
    /// <param name="persons">Receives the fields of a person; null where there are none.</param>
    private bool TryWrite(Dictionary<string, string>? persons, out JsonFault? fault)
    {
        fault = null;
        var isEmpty = true;
        _bytes.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        foreach (var (place, column) in _header.Columns.Index())
        {
            if (column is null || ValueAt(place, column) is not { Length: > 0 } value)
                continue;
            isEmpty = false;
            if (column.Field is { } field)
                fault ??= ListValues.Write(_json, field, value);
            else
                persons![column.Name] = value;
        }

        foreach (var (column, value) in _header.Constants)
            fault ??= ListValues.Write(_json, column.Field!, value);
        if (fault is null)
        {
            _json.WriteEndObject();
            _json.Flush();
        }

        return !isEmpty;
    }

    /// <summary>Names are the vault's to clean, but for the space around them.</summary>
    private string ValueAt(int place, ListColumn column) =>
        column.IsOfName ? _csv.GetString(place).Trim() : ListValues.Cleaned(_csv.GetString(place));

    private static int LinesOf(ReadOnlySpan<byte> raw) => raw.Count((byte)'\n') + 1;

    private Exception Understood(Exception e) => e switch
    {
        CsvFormatException => new InvalidDataException(
            $"the row behind line {_csv.LineNumber} has more than {CommandStream.LineBytesMax} bytes, "
            + "as where a quote is not closed"),
        BadHttpRequestException or InvalidDataException => e,
        _ => new BadHttpRequestException(e.Message, e),
    };
}

/// <summary>What the reader of CSV found wrong with the row that it is on.</summary>
internal sealed class ListFaults
{
    public bool IsMalformed { get; private set; }

    public void Found() => IsMalformed = true;

    public void Forget() => IsMalformed = false;
}
