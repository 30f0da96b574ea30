using System.Runtime.InteropServices;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using BenchmarkDotNet.Attributes;

namespace Amoe.Bench.Micro;

/// <summary>
/// A turn of declarations, deposits, adjudications and payments, written and read; figures are per record.
/// </summary>
public class Codec
{
    private const int Claims = 100;
    private const int Records = Claims * 4;
    private readonly SegmentWriter _writer = new();
    private readonly Counter _counter = new();
    private readonly List<Event> _declared = [Samples.Declared];
    private readonly List<Event> _deposited = [Samples.Deposited];
    private readonly List<Event> _adjudicated = [new ClaimReceived(Samples.Sheet, Samples.Day), Samples.Adjudicated];
    private readonly List<Event> _paid = [new PaymentMade(Samples.Sheet, 23_300, Samples.Day, 1)];
    private Segment _segment;

    [GlobalSetup]
    public void Seal()
    {
        Write();
        _segment = _writer.Seal(0, 0, 1);
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int Write()
    {
        _writer.Begin(Samples.Day);
        for (var i = 0ul; i < Claims; i++)
        {
            Append(CommandKind.Declare, i, Samples.Year, _declared);
            Append(CommandKind.DepositClaim, i, Samples.Sheet, _deposited);
            Append(CommandKind.ReceiveClaim, i, Samples.Sheet, _adjudicated);
            Append(CommandKind.ConfirmPayment, i, Samples.Sheet, _paid);
        }

        return _writer.Length;
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int Read()
    {
        var reader = new SegmentReader(_segment);
        while (reader.Read(_counter))
        {
        }

        return _counter.Events;
    }

    private void Append(CommandKind kind, ulong student, ulong reference, List<Event> events) => _writer.Append(
        new RecordHeader(
            kind, new StudentId(student), new CommandId(kind, reference), 0x1234_5678, Samples.Day, Samples.Day,
            Outcome.Done, Reason.None), CollectionsMarshal.AsSpan(events), null);

    private sealed class Counter : IRecordSink
    {
        public int Events { get; private set; }

        public void Begin(in RecordHeader header, long offset)
        {
        }

        public void On(Event e, ReadOnlySpan<byte> bytes) => Events++;

        public void End()
        {
        }
    }
}

/// <summary>An id among a year's receipts: registration and four claims.</summary>
public class Receipts
{
    private const int Unseen = 64;
    private readonly CommandId _last = new(CommandKind.ConfirmPayment, Samples.Sheet + 3);
    private readonly CommandId[] _unseen = [.. Enumerable.Range(4, Unseen)
        .Select(claim => new CommandId(CommandKind.DepositClaim, Samples.Sheet + (ulong)claim))];
    private ReceiptBook _book;

    [GlobalSetup]
    public void Fill()
    {
        for (var kind = CommandKind.Declare; kind <= CommandKind.AnswerFromAnam; kind++)
            Add(new CommandId(kind, Samples.Year));
        for (var claim = 0ul; claim < 4; claim++)
        {
            Add(new CommandId(CommandKind.DepositClaim, Samples.Sheet + claim));
            for (var kind = CommandKind.ReceiveClaim; kind <= CommandKind.ConfirmPayment; kind++)
                Add(new CommandId(kind, Samples.Sheet + claim));
        }
    }

    [Benchmark]
    public bool ReceiptsFindLast() => _book.TryFind(_last, out _);

    [Benchmark(OperationsPerInvoke = Unseen)]
    public int ReceiptsFindUnseen()
    {
        var found = 0;
        foreach (var id in _unseen)
            found += _book.TryFind(id, out _) ? 1 : 0;
        return found;
    }

    private void Add(CommandId id) => _book.Add(new Receipt(id, 0x1234_5678, Outcome.Done, Reason.None));
}
