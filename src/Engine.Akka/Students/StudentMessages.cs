using Akka.Actor;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka.Students;

/// <summary>What is for one student's actor, wherever in the cluster it lives.</summary>
internal interface IForStudent
{
    StudentId Student { get; }
}

/// <summary>A command or a question, and the day that is open on the student's shard.</summary>
/// <param name="Ticket">By which the sender knows the answer again.</param>
internal sealed record StudentCommand(long Ticket, DateOnly Day, Command Command) : IForStudent
{
    public StudentId Student => Command.Student;
}

/// <summary>What became of a command whose answer was lost: answered as the first time, or <see cref="Outcome.Unknown"/> when it was not decided.</summary>
internal sealed record ResolveCommand(long Ticket, DateOnly Day, Command Command) : IForStudent
{
    public StudentId Student => Command.Student;
}

/// <summary>Something may have fallen due by a day.</summary>
internal sealed record FireDue(StudentId Student, DateOnly Day) : IForStudent;

/// <summary>All that had fallen due by a day is decided and durable.</summary>
internal sealed record DueFired(StudentId Student, DateOnly Day);

/// <summary>The answer to a command: what it rests on is durable.</summary>
internal sealed record StudentReply(long Ticket, StudentId Student, Reply Reply);

/// <summary>The store refused or lost what was to be written: whether it stands, only the store knows.</summary>
internal sealed record PersistFailed(long Ticket, StudentId Student);

/// <summary>The actor could not be started and is started again after a while: what was sent is lost, and to be sent again.</summary>
internal sealed record StudentAway(StudentId Student);

/// <summary>Ends an actor that has nothing to do.</summary>
internal sealed class StopStudent
{
    public static readonly StopStudent Instance = new();
}

/// <summary>An actor to itself: somebody has not answered yet.</summary>
internal sealed record AskAgain : INoSerializationVerificationNeeded;

/// <summary>An actor to itself, after a restart: what became of the command that was being decided.</summary>
internal sealed record AfterFailure(Asker Asker, CommandId Command) : INoSerializationVerificationNeeded;
