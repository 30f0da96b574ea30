using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

// Days of a turn: their marks, and what comes with a day.
internal sealed partial class TurnDecider
{
    private bool TryMark(in Envelope envelope)
    {
        if (envelope.Day > _state.Day && !TryOpenDays(envelope.Day))
            return false;
        if (envelope.Mark == CommandKind.CloseDay && envelope.Day > _state.LastClosed)
        {
            // A day closes only when all that fell due in it has been fired, and nothing of it is set aside.
            if (_state.Calendar.HasDue(_state.Day) || !CanMark)
                return false;
            Mark(RecordHeader.Mark(CommandKind.CloseDay, envelope.Day));
        }

        _answers.Add(new Answer(envelope.ReplyTo, default, new Reply(new CommandId(envelope.Mark, 0), Outcome.Done)));
        return true;
    }

    // Marks are in the first segment of a frame, before all that other buckets decided.
    private bool CanMark => _setAside.IsEmpty && _writer.IsOfFirstBucketAlone;

    /// <summary>Opens days up to this one; false when something of an earlier day must come first.</summary>
    private bool TryOpenDays(DateOnly day)
    {
        while (_state.Day < day)
        {
            var next = _state.Day == default ? day : _state.Day.AddDays(1);
            if (next > _open.Through)
            {
                DayWanted = new DayWanted(next, day);
                return false;
            }

            if (_state.Calendar.HasDue(_state.Day) || !CanMark)
                return false;
            TakeRulebook();
            Mark(RecordHeader.Mark(CommandKind.OpenDay, next));
            FireDueDates();
            OpenInbox();
        }

        return true;
    }

    /// <summary>A rulebook adopted since decides from the next day on, and a mark says so.</summary>
    private void TakeRulebook()
    {
        if (_open.Rulebook <= _state.Rulebook || _state.Ledgers is not null)
            return;
        var header = RecordHeader.Mark(CommandKind.AdoptRulebook, _state.Day);
        _writer.Marks.Append(header, [new RulebookAdopted(_open.Rulebook, _open.Hash)], null);
        _state.Book(null, header);
        _state.Rulebook = _open.Rulebook;
        _conversation = new Conversation(_open.Logic, _readBack, _state);
    }

    /// <summary>What crosses partitions arrives when a day opens: behind what fell due (T6).</summary>
    private void OpenInbox()
    {
        if (_state.Ledgers is { } ledgers)
            _inbox?.TakePostings(_state, ledgers, _writer.Marks);
        TellClaims();
    }

    private void TellClaims()
    {
        _mustTellClaims = false;
        foreach (var notice in _inbox?.Recoveries(_state.Day) ?? [])
        {
            var command = notice.ToCommand(_state.Day);
            if (_state.Find(command.Student)?.Receipts.TryFind(command.Id, out _) != true)
                DecideOrSetAside(command, NoReply.Instance);
        }
    }

    private void Mark(in RecordHeader header)
    {
        _writer.Marks.Append(header, [], null);
        _state.Book(null, header);
    }

    private void FireDueDates()
    {
        while (_fired < _limits.DueDates && _state.Calendar.TryTake(_state.Day, out var id))
        {
            // What is due for a student whose commands are set aside is fired when they go on.
            if (_state.Find(id) is { } student && student.NextDueOn <= _state.Day && !_setAside.Has(id))
                Fire(student);
        }
    }
}
