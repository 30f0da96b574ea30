using Amoe.Chaos.Recording;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Chaos.Checks;

/// <summary>
/// Compares the senders' history with the journal. Every acknowledged command is there exactly once and as it was
/// acknowledged. No command is there that was not sent. A command with an unknown outcome is there once or not at all.
/// Each student's commands are in an order in which they can have been decided.
/// </summary>
internal sealed class HistoryCheck
{
    private const int ProblemsMax = 50;
    private readonly Dictionary<(StudentId Student, CommandId Id), List<Stored>> _stored = [];
    private readonly HashSet<(int Partition, CommandKind Mark, DateOnly Day)> _marks = [];
    private readonly List<string> _problems = [];

    private HistoryCheck(IJournal journal)
    {
        for (var partition = 0; partition < journal.Identity.TotalPartitions; partition++)
        {
            foreach (var entry in History.OfPartition(journal, partition))
                Take(partition, entry);
        }
    }

    /// <summary>The first disagreements; empty when all is well.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyCollection<Operation> operations, IJournal journal)
    {
        var check = new HistoryCheck(journal);
        var sent = operations.Where(operation => operation.Command is not null and not Query)
            .ToLookup(operation => (operation.Command!.Student, operation.Command.Id));
        foreach (var operation in operations.OrderBy(operation => operation.Invoked))
            check.Answer(operation);
        foreach (var (id, records) in check._stored)
            check.Stand(id, records, [.. sent[id]]);
        foreach (var student in sent.SelectMany(same => same).GroupBy(operation => operation.Command!.Student))
            check.Order(student);
        return check._problems;
    }

    private void Take(int partition, HistoryEntry entry)
    {
        var header = entry.Header;
        if (header.Kind is CommandKind.OpenDay or CommandKind.CloseDay)
        {
            _marks.Add((partition, header.Kind, header.Effective));
        }
        else if (header.IsCommand)
        {
            if (!_stored.TryGetValue((header.Student, header.Id), out var records))
                _stored.Add((header.Student, header.Id), records = []);
            records.Add(new Stored(partition, entry.Offset, header, ClaimsRevised.Of(header.Id, entry.Events)));
        }
    }

    /// <summary>Checks that each answer agrees with the journal.</summary>
    private void Answer(Operation operation)
    {
        if (!operation.IsAnswered || operation.Command is Query)
            return;
        if (!operation.Reply.IsDecision)
        {
            Problem($"{operation} was answered {operation.Reply.Outcome}, which is no decision");
        }
        else if (operation.Command is not { } command)
        {
            if (!_marks.Contains((operation.Partition, operation.Mark, operation.Day)))
                Problem($"{operation} was acknowledged and is not in the journal");
        }
        else if (!_stored.TryGetValue((command.Student, command.Id), out var records))
        {
            Problem($"{operation} was acknowledged ({operation.Reply.Outcome}) and is not in the journal");
        }
        else if (records[0] is var stored
            && (stored.Header.Outcome, stored.Header.Reason) != (operation.Reply.Outcome, operation.Reply.Reason))
        {
            Problem(
                $"{operation} was answered {operation.Reply.Outcome} {operation.Reply.Reason}, and the journal has {stored.Header.Outcome} {stored.Header.Reason}");
        }
        else if (!Same(stored.Revised, operation.Reply.Answer as ClaimsRevised))
        {
            Problem($"{operation} was answered with other revised claims than the journal has");
        }
    }

    /// <summary>Checks that a command of the journal was sent, was not refused each time, and is there once.</summary>
    private void Stand((StudentId Student, CommandId Id) id, List<Stored> records, Operation[] sent)
    {
        var header = records[0].Header;
        var name = $"{id.Id} of student {id.Student}, partition {records[0].Partition}, offset {records[0].Offset}";
        if (records.Count > 1)
            Problem($"{name}: it is in the journal {records.Count} times");
        if (header.Kind == CommandKind.RecoverOverpayment && header.Id.Attempt >= LedgerDecider.FirstAttempt)
            return;
        if (!sent.Any(operation =>
            operation.Command!.Fingerprint() == header.Fingerprint && operation.Day == header.Known))
            Problem($"{name}: it is in the journal and was not sent");
        else if (!sent.Any(operation => operation.MayStand))
            Problem($"{name}: it is in the journal, and every time it was sent it was turned away");
    }

    /// <summary>
    /// A command that was answered before another was sent is before it in the journal. So is one that was sent before
    /// another, if both were answered the first time, because commands do not overtake each other on the way. A command
    /// sent twice has the place of the first.
    /// </summary>
    private void Order(IEnumerable<Operation> ofAStudent)
    {
        var placed = ofAStudent.OrderBy(operation => operation.Invoked).DistinctBy(operation => operation.Command!.Id)
            .Where(operation => _stored.ContainsKey((operation.Command!.Student, operation.Command.Id)))
            .Select(operation =>
                (Operation: operation, _stored[(operation.Command!.Student, operation.Command.Id)][0].Offset)).ToList();
        for (var i = 1; i < placed.Count; i++)
        {
            var (later, offset) = placed[i];
            var overtaken = placed.Take(i).FirstOrDefault(earlier => earlier.Offset > offset
                && (earlier.Operation.Returned < later.Invoked
                    || (earlier.Operation.KeptItsPlace && later.KeptItsPlace)));
            if (overtaken.Operation is not null)
                Problem(
                    $"{later} is at offset {offset}, before {overtaken.Operation}, which was sent before it and is at {overtaken.Offset}");
        }
    }

    private static bool Same(ClaimsRevised? one, ClaimsRevised? other) =>
        (one?.Claims ?? []).AsSpan().SequenceEqual(other?.Claims ?? []);

    private void Problem(string what)
    {
        if (_problems.Count < ProblemsMax)
            _problems.Add(what);
    }

    private readonly record struct Stored(int Partition, long Offset, RecordHeader Header, ClaimsRevised? Revised);
}
