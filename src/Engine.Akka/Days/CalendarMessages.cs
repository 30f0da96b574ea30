using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka.Days;

/// <summary>The calendar is to look at a student on a day: said before what falls due that day stands.</summary>
internal sealed record LookAgain(StudentId Student, DateOnly Day);

/// <summary>The calendar will.</summary>
internal sealed record DeadlineHeard(StudentId Student, DateOnly Day);

/// <summary>A day is to be opened or closed on a shard of students.</summary>
internal sealed record MarkDay(int Shard, bool IsClosed, DateOnly Day);

/// <summary>It is; what fell due by then is decided.</summary>
internal sealed record DayIsMarked(int Shard, bool IsClosed, DateOnly Day);

/// <summary>Which day is open on each shard of students, and which was last closed.</summary>
internal sealed record AskDays
{
    public static readonly AskDays Instance = new();
}

internal sealed record Days(DateOnly[] Open, DateOnly[] Closed);
