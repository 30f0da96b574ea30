using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Pattern;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka;

/// <summary>A student's messages go to the shard his number gives him, with all his claims: the engine's own rule.</summary>
internal sealed class StudentRouting(int shards) : IMessageExtractor
{
    public string? EntityId(object message) => message is IForStudent s ? s.Student.ToString() : null;

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => message is IForStudent s ? Text(s.Student.ShardOf(shards)) : null;

    public string ShardId(string entityId, object? messageHint = null) => Text(new StudentId(ulong.Parse(entityId, CultureInfo.InvariantCulture)).ShardOf(shards));

    private static string Text(int shard) => shard.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Each shard of parties is one actor.</summary>
internal sealed class LedgerRouting : IMessageExtractor
{
    public string? EntityId(object message) => message is IForLedgers l ? l.Party.ToString(CultureInfo.InvariantCulture) : null;

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}

/// <summary>Actors whose store failed them start again after a while, and then after a longer one.</summary>
internal static class Supervised
{
    private const int WithoutEnd = -1;

    public static Props Student(StudentId student, StudentSetup setup, TimeSpan backOff) => BackoffSupervisor.Props(
        Backoff.OnStop(StudentActor.Props(student, setup), "student", backOff, 10 * backOff, randomFactor: 0.2, WithoutEnd)
            .WithAutoReset(10 * backOff)
            .WithReplyWhileStopped(new StudentAway(student))
            .WithFinalStopMessage(message => message is StopStudent));

    public static Props Ledgers(Props ledgers, TimeSpan backOff) => BackoffSupervisor.Props(
        Backoff.OnStop(ledgers, "ledgers", backOff, 10 * backOff, randomFactor: 0.2, WithoutEnd).WithAutoReset(10 * backOff));
}
