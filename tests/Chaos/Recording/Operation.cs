using Amoe.Engine.Domain;

namespace Amoe.Chaos.Recording;

/// <summary>
/// One command, question or day mark as its sender saw it: when it was first sent, how often it came back undecided,
/// and its last answer. Moments are counted, not measured: the smaller number was earlier.
/// </summary>
internal sealed class Operation(int partition, Command? command, CommandKind mark, DateOnly day, long invoked)
{
    public int Partition => partition;

    /// <summary>Null for a mark.</summary>
    public Command? Command => command;

    /// <summary>Which mark, where it is one.</summary>
    public CommandKind Mark => mark;

    /// <summary>The day marked, or on which the command became known.</summary>
    public DateOnly Day => day;

    /// <summary>Before it was sent for the first time.</summary>
    public long Invoked => invoked;

    /// <summary>
    /// After its answer came; <see cref="long.MaxValue"/> without one, also when the sender gave up.
    /// </summary>
    public long Returned { get; private set; } = long.MaxValue;

    public Reply Reply { get; private set; }

    /// <summary>Times it was sent; before the first it waits for its day.</summary>
    public int Sent { get; private set; }

    /// <summary>How often its answer was <c>Unknown</c>.</summary>
    public int Unknowns { get; private set; }

    /// <summary>Times it was not taken.</summary>
    public int Overloads { get; private set; }

    /// <summary>Unknown, and not sent again.</summary>
    public bool IsGivenUp { get; private set; }

    public bool IsAnswered => Returned != long.MaxValue;

    /// <summary>
    /// True when it was sent once and answered: it kept its place among what its sender sent before and after.
    /// </summary>
    public bool KeptItsPlace => IsAnswered && Unknowns + Overloads == 0;

    /// <summary>True for a command that may have been decided: not if every time it was refused at the door.</summary>
    public bool MayStand => IsAnswered || Unknowns > 0 || Overloads == 0;

    public void Return(in Reply reply, long moment) => (Reply, Returned) = (reply, moment);

    public void CountUndecided(Outcome outcome)
    {
        if (outcome == Outcome.Overloaded)
            Overloads++;
        else
            Unknowns++;
    }

    public void CountSent() => Sent++;

    public void GiveUp() => IsGivenUp = true;

    public override string ToString() => command is null
        ? $"{mark} {day:yyyy-MM-dd} of partition {partition}"
        : $"{command.Id} of student {command.Student}, known {day:yyyy-MM-dd}";
}
