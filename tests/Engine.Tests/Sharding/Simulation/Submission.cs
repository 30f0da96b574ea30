using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>One time that a client sent a command, and what it heard.</summary>
/// <param name="Sent">Its place among all that was sent and heard.</param>
/// <param name="Floor">How many of the student's records a client had heard of by then.</param>
internal sealed record Submission(string Client, Command Command, long Sent, int Floor)
{
    public long Heard { get; set; } = long.MaxValue;

    public Outcome? Outcome { get; set; }
}

/// <summary>A student's record as the store has it.</summary>
/// <param name="Version">Its place in the student's history, from 1.</param>
internal sealed record Written(RecordHeader Header, Event[] Events, int Version);

/// <summary>All that is known of one command.</summary>
internal sealed class CommandStory
{
    /// <summary>Of all clients, in order.</summary>
    public List<Submission> Submissions { get; } = [];

    public Written? Record { get; set; }
}

/// <summary>All that is known of one student.</summary>
internal sealed class StudentStory
{
    public StudentStory(StudentId student, IActorLogic logic) => States = new PastStates(student, History, logic);

    public List<Written> History { get; } = [];

    public PastStates States { get; }
}
