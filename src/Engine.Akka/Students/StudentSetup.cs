using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Watch;

namespace Amoe.Engine.Akka.Students;

/// <summary>A decider threw in the middle of a conversation.</summary>
internal sealed class ConversationFailedException(string message, Exception inner) : Exception(message, inner);

/// <summary>What every student's actor is given.</summary>
/// <param name="Calendar">The calendar of due dates, wherever it is.</param>
/// <param name="Ledgers">The region of party shards.</param>
/// <param name="Living">How many students are in this process's memory.</param>
internal sealed record StudentSetup(
    IActorLogic Logic, IActorRef Calendar, IActorRef Ledgers, int PartyShards, TimeSpan PassivateAfter, int SnapshotEvery, Gauge Living, Action<string> Warn);
