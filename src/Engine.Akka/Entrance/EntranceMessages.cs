using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka.Entrance;

/// <summary>A command somebody in this process posted.</summary>
internal sealed record Posted(int Shard, Command Command, IReplyTo ReplyTo) : INoSerializationVerificationNeeded;

/// <summary>A day somebody in this process wants opened or closed, behind what he posted for the shard before.</summary>
internal sealed record DayPosted(int Shard, CommandKind Mark, DateOnly Day, IReplyTo ReplyTo) : INoSerializationVerificationNeeded;
