using Amoe.Engine.Domain;

namespace Amoe.Bench.Peers;

/// <summary>A command, or a due date where there is none, and its day.</summary>
internal readonly record struct Item(Command? Command, DateOnly Day);

/// <summary>
/// One student's year: the commands in order, and between them what falls due. One thing at a time is under way.
/// </summary>
internal sealed class Lane(int index, StudentId student, Item[] commands)
{
    private int _next;
    private DateOnly _last;

    public int Index => index;

    public StudentId Student => student;

    public DateOnly Due { get; private set; } = DateOnly.MaxValue;

    /// <summary>Commands whose day has come.</summary>
    public int Released { get; set; }

    public bool IsBusy { get; set; }

    /// <summary>Commands and due dates decided.</summary>
    public int Done { get; private set; }

    /// <summary>Commands decided.</summary>
    public int CommandsDone => _next;

    public void ReleaseAll() => Released = commands.Length;

    /// <summary>
    /// The next item, if it is of today or earlier. Items that fall due on a day come before its commands.
    /// </summary>
    public bool TryNext(DateOnly today, out Item item)
    {
        var hasCommand = _next < Released;

        // As the engine's calendar: what is known too late is fired on the next day.
        var due = Due <= _last ? _last.AddDays(1) : Due;
        if (due <= (hasCommand ? commands[_next].Day : today))
        {
            item = new Item(null, due);
            return true;
        }

        item = hasCommand ? commands[_next] : default;
        return hasCommand;
    }

    public void Note(Item item, in Decided decided)
    {
        if (item.Command is not null)
            _next++;
        (_last, Due) = (item.Day, decided.NextDueOn);
        Done++;
    }
}
