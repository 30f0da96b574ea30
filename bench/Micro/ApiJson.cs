using System.Buffers;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Host.Api.Commands;
using BenchmarkDotNet.Attributes;

namespace Amoe.Bench.Micro;

// Its writer ends with the process.
#pragma warning disable CA1001

/// <summary>Commands of the API in JSON: a claim of two lines, and a declaration.</summary>
public class ApiJson
#pragma warning restore CA1001
{
    private static readonly CommandContext _context = new(CommandKind.None, null, null, Samples.Day, TakesKnown: true);
    private static readonly DepositClaim _claim = Samples.Deposit with { Lines = Samples.Lines[..2] };

    private readonly byte[] _claimJson = Written(_claim);
    private readonly byte[] _declareJson = Written(
        new Declare(
            Samples.Id, Samples.Year, Samples.Day, Samples.Day, Samples.Enrolment, CoverageKind.None, Samples.Year));

    private readonly ArrayBufferWriter<byte> _buffer = new(4_096);
    private readonly Utf8JsonWriter _writer;

    public ApiJson() => _writer = new Utf8JsonWriter(_buffer);

    [Benchmark]
    public bool ReadClaimOfTwoLines() => CommandJson.TryRead(_claimJson, _context, out _, out _);

    [Benchmark]
    public bool ReadDeclaration() => CommandJson.TryRead(_declareJson, _context, out _, out _);

    [Benchmark]
    public int WriteClaimOfTwoLines()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        CommandJson.Write(_writer, _claim);
        _writer.Flush();
        return _buffer.WrittenCount;
    }

    private static byte[] Written(Command command)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            CommandJson.Write(json, command);
        return buffer.WrittenSpan.ToArray();
    }
}
